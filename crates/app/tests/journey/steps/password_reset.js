// A forgotten password is replaced by the mailed link. The old one is good for nothing then, and every
// session has ended.

import assert from "node:assert/strict";

import { linkFor } from "../driver/mailbox.js";
import { open, sees, shown, signIn, submit } from "../driver/person.js";
import { ada } from "./people.js";

export const passwordReset = async ({ owner, colleague }) => {
  await signIn(colleague.tab, ada);

  const tab = await owner.openTab();
  await open(tab, "/forgot-password");
  await submit(tab, "Reset", { email: ada.email });
  await sees(tab.getByRole("status"), /./);
  await open(tab, await linkFor(ada.email, "password_reset", "/reset-password"), "/reset-password");
  assert.ok(!tab.url().includes("token"), "the token is still in the address bar");
  const old = ada.password;
  ada.password = "bernoulli-numbers-by-steam";
  await submit(tab, "New password", { newPassword: ada.password });
  await shown(tab, "/login");

  await owner.refused("POST /auth/login 401", async () => {
    await submit(tab, "Sign in", { email: ada.email, password: old });
    await sees(tab.getByRole("alert"), "invalid_credentials");
  });
  for (const profile of [owner, colleague]) {
    await profile.refused("POST /auth/refresh 401", () => open(profile.tab, "/users", "/login"));
  }
  await signIn(tab, ada);
  await tab.close();
};
