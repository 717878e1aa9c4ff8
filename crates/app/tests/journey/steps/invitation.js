// Somebody is invited as the dashboard does it, and comes in by the mailed link in a browser of their
// own, where they see what their role permits and no more.

import assert from "node:assert/strict";

import { linkFor } from "../driver/mailbox.js";
import { open, row, sees, shown, submit, visit } from "../driver/person.js";
import { ada, grace } from "./people.js";

export const invitation = async ({ owner, colleague }) => {
  await visit(owner.tab, "Users", "/users");
  const sent = {
    name: grace.name,
    email: grace.email,
    phone: "+12025550123",
    role_name: "support",
    status: "ACTIVE",
    password: "what the form asks for",
  };
  await submit(owner.tab, "Invite somebody", sent);
  await sees(row(owner.tab, grace.email), "PENDING");
  const { request, status } = owner.answers.findLast(({ call }) => call === "POST /users");
  assert.deepEqual([request.postDataJSON(), status], [sent, 201]);

  const { tab } = colleague;
  await open(tab, await linkFor(grace.email, "invitation", "/accept-invitation"), "/accept-invitation");
  assert.ok(!tab.url().includes("token"), "the token is still in the address bar");
  await sees(tab, "Join Analytical Engines");
  await submit(tab, "Join", { name: grace.name, password: grace.password });
  await shown(tab, "/users");
  await sees(row(tab, grace.email), "ACTIVE");
  await sees(row(tab, ada.email), "admin");
  const links = await tab.getByRole("navigation").getByRole("link").allTextContents();
  assert.deepEqual(links, ["Users", "Sessions", "Profile"]);

  await colleague.refused(["GET /roles 403", "GET /permissions 403"], () => open(tab, "/roles"));
  await sees(tab.getByRole("alert"), "permission_denied");
};
