// Another role counts with the next request; who is put aside is out with the next, and comes in again
// when they may.

import { open, press, row, sees, shown, signIn, visit } from "../driver/person.js";
import { grace } from "./people.js";

export const membership = async ({ owner, colleague }) => {
  await visit(owner.tab, "Users", "/users");
  const theirs = row(owner.tab, grace.email);
  await theirs.getByRole("combobox").selectOption("manager");
  await press(theirs, "Change role");
  await theirs.getByRole("cell", { name: "manager", exact: true }).waitFor();
  await open(colleague.tab, "/roles");
  await sees(colleague.tab, "Permissions of support");

  await press(theirs, "Deactivate");
  await sees(theirs, "INACTIVE");
  await colleague.refused("POST /auth/refresh 401", async () => {
    await colleague.tab.getByRole("link", { name: "Users" }).click();
    await shown(colleague.tab, "/login");
  });

  await press(theirs, "Activate");
  await theirs.getByRole("cell", { name: "ACTIVE", exact: true }).waitFor();
  await signIn(colleague.tab, grace);
  await sees(row(colleague.tab, grace.email), "manager");
};
