// The people of the workspace: members and who is invited; inviting, other roles, putting aside.

import { call } from "/api.js";
import { button, element, form, heading, table } from "/elements.js";

export const users = async ({ can, again }) => {
  const { users, total } = await call("GET", "/users?page=1&limit=50&sortBy=name&sortOrder=asc");
  const roles = can("roles:read") ? (await call("GET", "/roles")).map(({ name }) => name) : [];
  const parts = [
    heading("Users"),
    element("p", {}, `${total} in all`),
    table(
      ["Name", "Email", "Phone", "Role", "Status", "Change"],
      users.map((user) => [
        user.name,
        user.email,
        user.phone,
        user.role.name,
        user.status,
        can("users:edit") ? changes(user, roles, again) : "",
      ]),
    ),
  ];
  if (can("users:create")) parts.push(invitation(roles, again));
  return parts;
};

const changes = (user, roles, again) => {
  const select = element(
    "select",
    { ariaLabel: `Role of ${user.name}` },
    ...roles.map((role) => element("option", { selected: role === user.role.name }, role)),
  );
  // The whole person is sent, with an empty password; only role and status may differ.
  const changed = {
    name: user.name,
    email: user.email,
    phone: user.phone ?? undefined,
    status: user.status,
    password: "",
  };
  const parts = [
    select,
    button("Change role", async () => {
      await call("PUT", `/users/${user.id}`, { ...changed, role_name: select.value });
      return again();
    }),
  ];
  if (user.status !== "PENDING") {
    const [text, verb] =
      user.status === "ACTIVE" ? ["Deactivate", "deactivate"] : ["Activate", "activate"];
    parts.push(
      button(text, async () => {
        await call("PUT", `/users/${user.id}/${verb}`);
        return again();
      }),
    );
  }
  return parts;
};

const invitation = (roles, again) =>
  form(
    "Invite somebody",
    [
      { name: "name", label: "Name", required: true },
      { name: "email", label: "Email", type: "email", required: true },
      { name: "phone", label: "Phone", type: "tel" },
      { name: "role_name", label: "Role", options: roles },
      { name: "status", label: "Status", options: ["ACTIVE", "INACTIVE"] },
      { name: "password", label: "Password", type: "password" },
    ],
    "Invite",
    async (values) => {
      await call("POST", "/users", values);
      return again();
    },
  );
