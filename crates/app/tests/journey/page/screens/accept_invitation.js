// An invitation: what it is to, and coming in with a new account or the one there is.

import { call, keep } from "/api.js";
import { element, form, heading } from "/elements.js";
import { mailedToken } from "/mailed_token.js";

export const acceptInvitation = async ({ enter }) => {
  const token = mailedToken();
  const invited = await call("POST", "/auth/invitations/preview", { token });
  const name = { name: "name", label: "Name", required: true };
  const password = { name: "password", label: "Password", type: "password", required: true };
  return [
    heading(`Join ${invited.workspace.name}`),
    element("p", {}, `You are invited as ${invited.email}.`),
    form("Join", invited.hasAccount ? [password] : [name, password], "Join", async (values) => {
      keep(await call("POST", "/auth/invitations/accept", { token, ...values }));
      return enter("/users");
    }),
  ];
};
