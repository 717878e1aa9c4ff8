// Signing out takes the cookie away; a reload is signed out, and what the cookie held is good for
// nothing any more.

import assert from "node:assert/strict";

import { open, press, shown } from "../driver/person.js";
import { API } from "../driver/settings.js";

export const signOut = async ({ owner }) => {
  const { tab } = owner;
  await open(tab, "/users");
  const { value } = await owner.cookie();
  await press(tab, "Sign out");
  await shown(tab, "/login");
  assert.equal(await owner.cookie(), undefined);
  await owner.refused("POST /auth/refresh 401", () => open(tab, "/users", "/login"));

  const headers = { Cookie: `refreshToken=${value}` };
  const answer = await fetch(`${API}/auth/refresh`, { method: "POST", headers });
  assert.equal(answer.status, 401);
};
