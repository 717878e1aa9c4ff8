// Three tabs find at the same moment that their access token has run out. They know nothing of each
// other, so each refreshes with the cookie that they share. All stay signed in, and of all the refresh
// tokens that came and went one is left: every other is answered with it.

import assert from "node:assert/strict";

import { open, shown } from "../driver/person.js";
import { API, TOKEN_LIFE_MS } from "../driver/settings.js";

const SCREENS = ["/users", "/roles", "/permissions"];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Presses the link to a screen when the clock says so.
const pressAt = ({ screen, at }) =>
  new Promise((resolve) => {
    setTimeout(() => resolve(document.querySelector(`nav a[href="${screen}"]`).click()), at - Date.now());
  });

const tokenIn = (cookie) => cookie?.match(/refreshToken=([^;]+)/)?.[1];

// What the server answers to whoever presents this refresh token.
const presented = async (token) => {
  const headers = { Cookie: `refreshToken=${token}` };
  const answer = await fetch(`${API}/auth/refresh`, { method: "POST", headers });
  return { status: answer.status, token: tokenIn(answer.headers.get("set-cookie")) };
};

export const threeTabs = async ({ owner }) => {
  const tabs = [owner.tab, await owner.openTab(), await owner.openTab()];
  for (const [i, tab] of tabs.entries()) await open(tab, SCREENS[i]);
  await pause(TOKEN_LIFE_MS + 500);

  const from = owner.answers.length;
  const at = Date.now() + 500;
  await Promise.all(tabs.map((tab, i) => tab.evaluate(pressAt, { screen: SCREENS[i], at })));
  await Promise.all(tabs.map((tab, i) => shown(tab, SCREENS[i])));

  const answers = owner.answers.slice(from);
  const refused = answers.filter(({ status }) => status === 401);
  assert.ok(refused.length >= 3, `${refused.length} calls came with a token that had run out`);
  const refreshed = answers.filter(({ call }) => call === "POST /auth/refresh");
  assert.deepEqual(refreshed.map(({ status }) => status), [200, 200, 200]);

  const brought = await Promise.all(
    refreshed.map(async ({ request }) => tokenIn((await request.allHeaders()).cookie)),
  );
  const taken = await Promise.all(
    refreshed.map(async ({ answer }) => tokenIn(await answer.headerValue("set-cookie"))),
  );
  assert.ok(new Set(brought).size < 3, "the tabs came one after the other");
  const { value: left } = await owner.cookie();
  const spent = new Set([...brought, ...taken]);
  assert.ok(spent.delete(left), "the cookie is one that a tab was given");
  for (const token of spent) assert.deepEqual(await presented(token), { status: 200, token: left });

  for (const tab of tabs.slice(1)) await tab.close();
};
