// The workspace gets other looks; the owner makes a second one, goes there, and comes back.

import { open, press, row, sees, submit, visit } from "../driver/person.js";
import { ada, grace } from "./people.js";

export const workspaces = async ({ owner }) => {
  const { tab } = owner;
  await visit(tab, "Workspace", "/workspace");
  await submit(tab, "Branding", {
    companyName: "Difference Engines",
    primaryColor: "#116644",
    theme: "dark",
    supportEmail: "help@example.com",
  });
  await sees(tab, "2 members, Difference Engines, #116644, dark");

  await submit(tab, "Further workspace", { name: "Notes", slug: "notes-on-the-engine" });
  await press(row(tab, "Notes"), "Switch to Notes");
  await sees(tab, "notes-on-the-engine, 1 members");
  await visit(tab, "Users", "/users");
  await sees(tab, "1 in all");
  await sees(row(tab, ada.email), "admin");

  // A reload stays there.
  await open(tab, "/workspace");
  await sees(tab, "notes-on-the-engine, 1 members");
  await press(row(tab, "Analytical Engines"), "Switch to Analytical Engines");
  await sees(tab, "2 members, Difference Engines");
  await visit(tab, "Users", "/users");
  await sees(row(tab, grace.email), "manager");
};
