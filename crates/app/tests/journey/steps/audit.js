// The audit log tells who did what until here, and can be asked for one kind of deed.

import assert from "node:assert/strict";

import { column, submit, visit } from "../driver/person.js";
import { ada } from "./people.js";

const DONE = [
  "role.created",
  "role.permissions_changed",
  "invitation.sent",
  "member.joined",
  "member.changed",
  "workspace.branding_changed",
];

export const audit = async ({ owner }) => {
  const { tab } = owner;
  await visit(tab, "Audit log", "/audit");
  const actions = await column(tab, 3);
  for (const action of DONE) assert.ok(actions.includes(action), `${action} is not among ${actions}`);

  await submit(tab, "Filter", { action: "role.created" });
  await tab.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  assert.deepEqual(await column(tab, 3), ["role.created"]);
  assert.deepEqual(await column(tab, 2), [ada.name]);
};
