// A forgotten password: asking for the mail, and choosing a new one by its link.

import { call } from "/api.js";
import { element, form, heading } from "/elements.js";
import { mailedToken } from "/mailed_token.js";

export const forgotPassword = () => {
  const outcome = element("p", { role: "status" });
  return [
    heading("Forgot your password?"),
    form(
      "Reset",
      [{ name: "email", label: "Email", type: "email", required: true }],
      "Send the link",
      async (values) => {
        const { message } = await call("POST", "/auth/verify/request-password-reset", values);
        outcome.textContent = message;
      },
    ),
    outcome,
  ];
};

export const resetPassword = ({ go }) => {
  const token = mailedToken();
  return [
    heading("Choose a new password"),
    form(
      "New password",
      [{ name: "newPassword", label: "New password", type: "password", required: true }],
      "Set password",
      async ({ newPassword }) => {
        await call("POST", "/auth/verify/confirm-password-reset", { token, newPassword });
        return go("/login");
      },
    ),
  ];
};
