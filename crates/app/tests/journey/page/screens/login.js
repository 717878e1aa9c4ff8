// Signing in with address and password.

import { call, keep } from "/api.js";
import { element, form, heading } from "/elements.js";

export const login = ({ enter }) => [
  heading("Sign in"),
  form(
    "Sign in",
    [
      { name: "email", label: "Email", type: "email", required: true },
      { name: "password", label: "Password", type: "password", required: true },
    ],
    "Sign in",
    async (values) => {
      const { language } = navigator;
      keep(await call("POST", "/auth/login", { ...values, language }));
      return enter("/users");
    },
  ),
  element("a", { href: "/signup" }, "Sign up"),
  " ",
  element("a", { href: "/forgot-password" }, "Forgot your password?"),
];
