// A new address is confirmed by the link that was mailed to it, when the person says so.

import { call } from "/api.js";
import { button, element, heading } from "/elements.js";
import { mailedToken } from "/mailed_token.js";

export const confirmEmail = () => {
  const token = mailedToken();
  const outcome = element("p", { role: "status" });
  return [
    heading("Confirm your address"),
    button("Confirm", async () => {
      const { message } = await call("POST", "/auth/verify/confirm-email", { token });
      outcome.textContent = message;
    }),
    outcome,
  ];
};
