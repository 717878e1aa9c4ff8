// Signing up: account, workspace with branding, a code that is sent unasked, and its confirmation; with
// a reload in between.

import assert from "node:assert/strict";

import { codeFor } from "../driver/mailbox.js";
import { open, row, sees, shown, submit } from "../driver/person.js";
import { ada } from "./people.js";

export const onboarding = async ({ owner }) => {
  const { tab } = owner;
  await open(tab, "/signup?utm_source=newsletter", "/signup");
  await submit(tab, "Account", ada);
  await sees(tab, "Your workspace");
  await submit(tab, "Workspace", {
    name: "Analytical Engines",
    slug: "engines",
    companyName: "Analytical Engines Ltd",
    industry: "Mathematics",
    companySize: "11-50",
    country: "GB",
    primaryColor: "#aa3366",
  });
  await sees(tab, `We sent a code to ${ada.email}.`);

  await open(tab, "/signup");
  await sees(tab, `We sent a code to ${ada.email}.`);
  await submit(tab, "Code", { code: await codeFor(ada.email) });
  await shown(tab, "/users");
  await sees(row(tab, ada.email), "admin");
  assert.equal(owner.answers.filter(({ call }) => call === "POST /auth/refresh").length, 0);
};
