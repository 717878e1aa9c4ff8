// The refresh token is in a cookie that scripts cannot read, and no token is in what the page stores.

import assert from "node:assert/strict";

import { open } from "../driver/person.js";

// The cookie's path is that of the API's routes, so the page looks from an address below it, where it
// sees a cookie of its own.
const lookFor = () => {
  document.cookie = "own=1; path=/auth";
  const seen = document.cookie;
  document.cookie = "own=; path=/auth; max-age=0";
  return { cookies: seen, stored: { ...localStorage, ...sessionStorage } };
};

export const cookie = async ({ owner }) => {
  const { name, httpOnly, sameSite, path, expires } = await owner.cookie();
  assert.deepEqual(
    { name, httpOnly, sameSite, path },
    { name: "refreshToken", httpOnly: true, sameSite: "Strict", path: "/auth" },
  );
  const days = (expires - Date.now() / 1000) / 86_400;
  assert.ok(days > 6.9 && days <= 7, `the cookie lives for ${days} days`);
  await open(owner.tab, "/auth/here");
  assert.deepEqual(await owner.tab.evaluate(lookFor), { cookies: "own=1", stored: {} });
};
