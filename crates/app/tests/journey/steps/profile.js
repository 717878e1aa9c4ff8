// The owner changes what is known of them, and then their address: that takes their password, counts
// once the new mailbox confirms it, and ends their other sessions.

import { linkFor } from "../driver/mailbox.js";
import { open, press, sees, signIn, submit, visit } from "../driver/person.js";
import { ada } from "./people.js";

export const profile = async ({ owner, colleague }) => {
  await signIn(colleague.tab, ada);

  const { tab } = owner;
  await visit(tab, "Profile", "/profile");
  ada.name = "Ada King";
  await submit(tab, "About you", { name: ada.name, phone: "+442079460000", language: "en-GB" });
  await sees(tab, `Ada King <${ada.email}>, +442079460000`);

  const email = "ada.king@example.com";
  await owner.refused("PUT /users/profile 403", async () => {
    await submit(tab, "Address", { email, currentPassword: "not this one" });
    await sees(tab.getByRole("alert"), "reauthentication_required");
  });
  await submit(tab, "Address", { email, currentPassword: ada.password });
  await open(tab, await linkFor(email, "confirm_email", "/confirm-email"), "/confirm-email");
  await press(tab, "Confirm");
  await sees(tab.getByRole("status"), /./);
  ada.email = email;
  await open(tab, "/profile");
  await sees(tab, `Ada King <${email}>`);

  await colleague.refused("POST /auth/refresh 401", () => open(colleague.tab, "/users", "/login"));
};
