// The owner signs in at the colleague's computer, and ends that sign-in from their own.

import assert from "node:assert/strict";

import { open, press, sees, shown, signIn, visit } from "../driver/person.js";
import { ada } from "./people.js";

export const sessions = async ({ owner, colleague }) => {
  await press(colleague.tab, "Sign out");
  await shown(colleague.tab, "/login");
  await signIn(colleague.tab, ada);

  const { tab } = owner;
  await visit(tab, "Sessions", "/sessions");
  await sees(tab, "2 in all");
  assert.equal(await tab.getByRole("cell", { name: "this one", exact: true }).count(), 1);
  await press(tab, "End");
  await sees(tab, "1 in all");

  await colleague.refused("POST /auth/refresh 401", () => open(colleague.tab, "/users", "/login"));
  assert.equal(await colleague.cookie(), undefined);
};
