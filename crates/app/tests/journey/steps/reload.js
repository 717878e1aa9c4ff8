// A reload loses the access token; the cookie brings another, and with it the profile.

import assert from "node:assert/strict";

import { open, sees } from "../driver/person.js";
import { ada } from "./people.js";

export const reload = async ({ owner }) => {
  const before = await owner.cookie();
  const from = owner.answers.length;
  await open(owner.tab, "/profile");
  await sees(owner.tab, `${ada.name} <${ada.email}>`);
  const calls = owner.answers.slice(from).map(({ call, status }) => `${call} ${status}`);
  assert.deepEqual(calls.slice(0, 2), ["POST /auth/refresh 200", "GET /users/profile 200"]);
  assert.notEqual((await owner.cookie()).value, before.value);
};
