// A dashboard in small: looks who is here, and shows the screen that the address names.

import { call, forget, onSignedOut, refresh, signedIn } from "/api.js";
import { element } from "/elements.js";
import { acceptInvitation } from "/screens/accept_invitation.js";
import { audit } from "/screens/audit.js";
import { confirmEmail } from "/screens/confirm_email.js";
import { login } from "/screens/login.js";
import { permissions } from "/screens/permissions.js";
import { profile } from "/screens/profile.js";
import { forgotPassword, resetPassword } from "/screens/reset_password.js";
import { roles } from "/screens/roles.js";
import { sessions } from "/screens/sessions.js";
import { signup } from "/screens/signup.js";
import { users } from "/screens/users.js";
import { workspace } from "/screens/workspace.js";

// Screens for everybody; those that a mailed link opens take its token out of the address.
const PUBLIC = {
  "/login": login,
  "/signup": signup,
  "/forgot-password": forgotPassword,
  "/reset-password": resetPassword,
  "/confirm-email": confirmEmail,
  "/accept-invitation": acceptInvitation,
};

// Screens for the signed in: what they are called, and which permission they need.
const PRIVATE = {
  "/users": { title: "Users", needs: "users:read", screen: users },
  "/roles": { title: "Roles", needs: "roles:read", screen: roles },
  "/permissions": { title: "Permissions", needs: "permissions:read", screen: permissions },
  "/sessions": { title: "Sessions", screen: sessions },
  "/profile": { title: "Profile", screen: profile },
  "/workspace": { title: "Workspace", needs: "workspace:read", screen: workspace },
  "/audit": { title: "Audit log", needs: "audit:read", screen: audit },
};

const nav = document.querySelector("nav");
const main = document.querySelector("main");

// What a screen is given: who is signed in, a way to elsewhere, and a way to draw itself again.
const context = {
  me: null,
  can: (permission) => context.me.permissions.some(({ name }) => name === permission),
  go: (path) => {
    history.pushState(null, "", path);
    return show();
  },
  // Whoever has just signed in, or changed what they are, is asked for anew.
  enter: async (path) => {
    context.me = await call("GET", "/users/profile");
    return context.go(path);
  },
  again: () => show(),
};

const show = async () => {
  const path = location.pathname === "/" ? "/users" : location.pathname;
  delete main.dataset.shown;
  drawNav();
  const screen = PUBLIC[path] ?? PRIVATE[path]?.screen;
  if (!screen) return draw(path, [element("p", {}, "There is no such page.")]);
  if (!PUBLIC[path] && !context.me) return context.go("/login");
  try {
    draw(path, await screen(context));
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (!signedIn() && !PUBLIC[path]) return;
    draw(path, [element("p", { role: "alert" }, problem.message)]);
  }
};

// `data-shown` says that a screen is complete.
const draw = (path, parts) => {
  main.replaceChildren(...parts);
  main.dataset.shown = path;
};

const drawNav = () => {
  nav.replaceChildren();
  if (!context.me) return;
  for (const [path, { title, needs }] of Object.entries(PRIVATE)) {
    if (needs && !context.can(needs)) continue;
    const visit = (event) => {
      event.preventDefault();
      context.go(path);
    };
    nav.append(element("a", { href: path, onclick: visit }, title));
  }
  const who = `${context.me.name}, ${context.me.role?.name ?? "in no workspace"}`;
  nav.append(element("button", { onclick: leave }, "Sign out"), element("span", {}, who));
};

const leave = async () => {
  await call("POST", "/auth/logout");
  forget();
  signedOut();
};

const signedOut = () => {
  context.me = null;
  context.go("/login");
};

onSignedOut(signedOut);
addEventListener("popstate", show);
// Nothing tells this page whether there is a sign-in but the attempt to refresh it.
if (!PUBLIC[location.pathname] && (await refresh())) {
  context.me = await call("GET", "/users/profile");
}
show();
