// The roles of the workspace: a list, making one, and what each permits.

import { call } from "/api.js";
import { button, element, form, heading, table } from "/elements.js";

export const roles = async ({ again }) => {
  const [roles, { permissions }] = await Promise.all([
    call("GET", "/roles"),
    call("GET", "/permissions"),
  ]);
  const details = element("section", {});
  const open = async (role) => {
    details.replaceChildren(...(await permissionsOf(role, permissions, again)));
  };
  return [
    heading("Roles"),
    table(
      ["Name", "Description", "Kind", "Users", "Permissions", "Open"],
      roles.map((role) => [
        role.name,
        role.description,
        role.isSystem ? "system" : "own",
        String(role._count.users),
        String(role._count.rolePermissions),
        button(`Permissions of ${role.name}`, () => open(role)),
      ]),
    ),
    details,
    form(
      "New role",
      [
        { name: "name", label: "Role name", required: true },
        { name: "description", label: "Description" },
      ],
      "Create role",
      async (values) => {
        await call("POST", "/roles", values);
        return again();
      },
    ),
  ];
};

// A checkbox for every permission; those of a system role are for looking only.
const permissionsOf = async (role, permissions, again) => {
  const held = await call("GET", `/roles/${role.id}/permissions`);
  const heldIds = new Set(held.map(({ permissionId }) => permissionId));
  const fields = permissions.map(({ id, name }) => ({
    name: id,
    label: name,
    type: "checkbox",
    value: heldIds.has(id),
    disabled: role.isSystem,
  }));
  return [
    element("h2", {}, `Permissions of ${role.name}`),
    form(`Permissions of ${role.name}`, fields, "Save permissions", async (values) => {
      const permissionIds = Object.keys(values).filter((id) => values[id]);
      await call("PUT", `/roles/${role.id}/permissions`, { permissionIds });
      return again();
    }),
  ];
};
