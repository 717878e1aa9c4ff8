// The steps in their order; each goes on from where the one before has left off.

import { audit } from "./audit.js";
import { cookie } from "./cookie.js";
import { invitation } from "./invitation.js";
import { membership } from "./membership.js";
import { onboarding } from "./onboarding.js";
import { passwordReset } from "./password_reset.js";
import { preflights } from "./preflights.js";
import { profile } from "./profile.js";
import { reload } from "./reload.js";
import { roles } from "./roles.js";
import { sessions } from "./sessions.js";
import { signOut } from "./sign_out.js";
import { threeTabs } from "./three_tabs.js";
import { workspaces } from "./workspaces.js";

export const steps = {
  "signing up, with a workspace and its branding": onboarding,
  "the refresh token is out of the page's reach": cookie,
  "a reload stays signed in": reload,
  "three tabs refresh at once and stay signed in": threeTabs,
  "permissions, and a role of one's own": roles,
  "an invitation, accepted in a second browser": invitation,
  "another role, put aside, back again": membership,
  "ending a session elsewhere": sessions,
  "the profile, and a new address": profile,
  "branding, a second workspace, and back": workspaces,
  "the audit log": audit,
  "a forgotten password": passwordReset,
  "signing out": signOut,
  "every preflight passed": preflights,
};
