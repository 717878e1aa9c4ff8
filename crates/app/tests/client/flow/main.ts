// One flow through the API with nothing but the generated client: onboarding, profile, people, roles,
// an invitation, tokens as native clients have them, and the end of the session.

import assert from "node:assert/strict";

import {
  addRolePermissions,
  createApiToken,
  createRole,
  invitePerson,
  listAudit,
  listPeople,
  listPermissions,
  listRolePermissions,
  listRoles,
  logIn,
  logOut,
  readProfile,
  refresh,
  updateProfile,
} from "../generated/sdk.gen.js";
import { native, present, speakFor } from "./api.js";
import { onboard } from "./onboarding.js";

const ada = { name: "Ada Lovelace", email: "ada@example.com", password: "SecurePassword123!" };

const said = (step: string): void => console.log(`ok  ${step}`);

const signedIn = await onboard(ada);
const { user, workspace, session } = signedIn;
assert.deepEqual([user.email, user.role, workspace?.slug], [ada.email, "admin", "engines"]);
assert.match(present(workspace?.apiToken, "API token"), /^kgw_[\w-]{43}$/);
assert.equal(session.isCurrent, true);
said("signed up, with a workspace");

const profile = (await readProfile({ throwOnError: true })).data;
assert.deepEqual([profile.id, profile.workspaceId, profile.status], [user.id, workspace?.id, "ACTIVE"]);
const change = { name: "Ada King", phone: "+442079460000", newDeviceMail: false };
const changed = (await updateProfile({ body: change, throwOnError: true })).data;
assert.deepEqual([changed.name, changed.phone, changed.newDeviceMail], Object.values(change));
said("a profile, changed");

const people = (await listPeople({ query: { limit: 10, sortBy: "name" }, throwOnError: true })).data;
assert.deepEqual([people.total, people.users[0]?.email], [1, ada.email]);
const roles = (await listRoles({ throwOnError: true })).data;
assert.deepEqual(roles.map(({ name }) => name).sort(), ["admin", "agent", "manager", "viewer"]);
said("users and roles");

const role = (await createRole({ body: { name: "support" }, throwOnError: true })).data;
const { permissions } = (await listPermissions({ throwOnError: true })).data;
const reading = permissions.filter(({ name }) => name === "users:read" || name === "chat:read");
const permissionIds = reading.map(({ id }) => id);
await addRolePermissions({ path: { id: role.id }, body: { permissionIds }, throwOnError: true });
const held = (await listRolePermissions({ path: { id: role.id }, throwOnError: true })).data;
assert.deepEqual(held.map(({ permissionId }) => permissionId).sort(), permissionIds.sort());
said("a role of one's own");

const grace = { name: "Grace Hopper", email: "grace@example.com", role_name: role.name };
const invited = (await invitePerson({ body: grace, throwOnError: true })).data;
assert.deepEqual([invited.status, invited.role?.id], ["PENDING", role.id]);
const twice = await invitePerson({ body: grace });
assert.equal(twice.error?.code, "invitation_pending");
said("an invitation");

const log = (await listAudit({ query: { action: "invitation.sent" }, throwOnError: true })).data;
assert.deepEqual(log.items.map(({ actor, target }) => [actor?.id, target?.id]), [[user.id, invited.id]]);
said("the audit log");

// A workspace's own token reads what it may, and nothing else.
const id = present(workspace?.id, "workspace");
const { apiToken } = (await createApiToken({ path: { id }, throwOnError: true })).data;
const asWorkspace = { auth: apiToken };
assert.equal((await listPeople({ ...asWorkspace, throwOnError: true })).data.total, 2);
assert.equal((await listAudit(asWorkspace)).response.status, 401);
said("an API token");

// A session of its own: its tokens are in the body, and no cookie is set.
const { password, email } = ada;
const login = await logIn({ body: { email, password }, headers: native, throwOnError: true });
assert.equal(login.response.headers.get("set-cookie"), null);
const first = present(login.data.refresh_token, "refresh token");
const renewed = (await refresh({ body: { refresh_token: first }, headers: native, throwOnError: true })).data;
const second = present(renewed.refresh_token, "refresh token");
assert.notEqual(second, first);
speakFor(renewed);
assert.equal((await readProfile({ throwOnError: true })).data.id, user.id);
said("a refresh without cookies");

const wrong = await logIn({ body: { email, password: "not this one" }, headers: native });
assert.deepEqual([wrong.response.status, wrong.error?.code], [401, "invalid_credentials"]);
const left = await logOut({ body: { refresh_token: second }, headers: native, throwOnError: true });
assert.equal(left.response.status, 204);
const after = await readProfile();
assert.deepEqual([after.response.status, after.error?.code], [401, "invalid_token"]);
said("signed out");
