// What can be permitted, and a role of the workspace's own that permits some of it.

import assert from "node:assert/strict";

import { column, press, row, sees, submit, visit } from "../driver/person.js";

const PERMITTED = ["users:read", "chat:read", "chat:edit"];

export const roles = async ({ owner }) => {
  const { tab } = owner;
  await visit(tab, "Permissions", "/permissions");
  const names = await column(tab, 1);
  const headings = await tab.locator("h2").count();
  await sees(tab, `${names.length} in ${headings} categories`);
  for (const name of PERMITTED) assert.ok(names.includes(name), `${name} is not among ${names}`);

  await visit(tab, "Roles", "/roles");
  assert.deepEqual((await column(tab, 1)).sort(), ["admin", "agent", "manager", "viewer"]);
  await submit(tab, "New role", { name: "support", description: "Answers customers" });
  await sees(row(tab, "support"), "Answers customers");

  await press(row(tab, "support"), "Permissions of support");
  const form = tab.getByRole("form", { name: "Permissions of support" });
  for (const name of PERMITTED) await form.getByLabel(name, { exact: true }).check();
  await press(form, "Save permissions");
  await row(tab, "support").getByRole("cell", { name: "3", exact: true }).waitFor();

  await press(row(tab, "support"), "Permissions of support");
  await form.waitFor();
  assert.equal(await form.locator("input:checked").count(), PERMITTED.length);
};
