// Onboarding in three steps: the account, the workspace with its branding, the mailed code. The
// signup's secret stays with the tab, so that a reload goes on where it was.

import { call, keep } from "/api.js";
import { element, form, heading } from "/elements.js";

const KEY = "signup";

export const signup = async (context) => {
  const sessionId = sessionStorage.getItem(KEY);
  if (!sessionId) return account(context);
  const { step, user } = await call("POST", "/auth/resume", { sessionId });
  return step === "signup" ? workspace(context, sessionId) : code(context, sessionId, user.email);
};

const account = ({ again }) => [
  heading("Sign up"),
  form(
    "Account",
    [
      { name: "name", label: "Name", required: true },
      { name: "email", label: "Email", type: "email", required: true },
      { name: "password", label: "Password", type: "password", required: true },
    ],
    "Continue",
    async (values) => {
      const { sessionId } = await call("POST", "/auth/signup", { ...values, ...origin() });
      sessionStorage.setItem(KEY, sessionId);
      return again();
    },
  ),
];

// What the page knows of where its visitor comes from.
const origin = () => ({
  language: navigator.language,
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  screenResolution: `${screen.width}x${screen.height}`,
  landingPage: location.href,
  utmSource: new URLSearchParams(location.search).get("utm_source") ?? undefined,
});

const workspace = ({ again }, sessionId) => [
  heading("Your workspace"),
  form(
    "Workspace",
    [
      { name: "name", label: "Workspace name", required: true },
      { name: "slug", label: "Slug", required: true },
      { name: "companyName", label: "Company" },
      { name: "industry", label: "Industry" },
      { name: "companySize", label: "Company size", options: ["1-10", "11-50", "51-200"] },
      { name: "country", label: "Country" },
      { name: "primaryColor", label: "Primary colour", type: "color", value: "#336699" },
    ],
    "Continue",
    async ({ name, slug, ...branding }) => {
      await call("POST", "/workspace", { sessionId, name, slug, branding });
      // The code is sent without being asked for.
      await call("POST", "/auth/verify/send-otp", { sessionId });
      return again();
    },
  ),
];

const code = ({ enter }, sessionId, email) => [
  heading("Your code"),
  element("p", {}, `We sent a code to ${email}.`),
  form(
    "Code",
    [{ name: "code", label: "Code", inputMode: "numeric", required: true }],
    "Confirm",
    async ({ code }) => {
      keep(await call("POST", "/auth/verify/confirm-otp", { sessionId, code }));
      sessionStorage.removeItem(KEY);
      return enter("/users");
    },
  ),
];
