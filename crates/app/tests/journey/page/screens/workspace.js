// The workspace: its looks, the person's other workspaces, a further one.

import { call, keep } from "/api.js";
import { button, element, form, heading, table } from "/elements.js";

export const workspace = async ({ me, can, enter, again }) => {
  const [current, { workspaces }] = await Promise.all([
    call("GET", `/workspace/${me.workspaceId}`),
    call("GET", "/health/workspaces"),
  ]);
  const parts = [
    heading(current.name),
    element("p", {}, `${current.slug}, ${current.members} members, ${brand(current.branding)}`),
    table(
      ["Workspace", "Role", "Members", "Switch"],
      workspaces.map(({ id, name, role, members, isCurrent }) => [
        name,
        role,
        String(members),
        isCurrent ? "this one" : button(`Switch to ${name}`, () => switchTo(id, enter)),
      ]),
    ),
    form(
      "Further workspace",
      [
        { name: "name", label: "Workspace name", required: true },
        { name: "slug", label: "Slug", required: true },
      ],
      "Create workspace",
      async (values) => {
        await call("POST", "/workspace", values);
        return again();
      },
    ),
  ];
  if (can("workspace:edit")) parts.push(looks(current, again));
  return parts;
};

const brand = ({ companyName, primaryColor, theme }) =>
  [companyName, primaryColor, theme].filter(Boolean).join(", ");

const switchTo = async (workspaceId, enter) => {
  keep(await call("POST", "/auth/switch-workspace", { workspaceId }));
  return enter("/workspace");
};

const looks = ({ id, branding }, again) =>
  form(
    "Branding",
    [
      { name: "companyName", label: "Company", value: branding.companyName },
      { name: "primaryColor", label: "Primary colour", value: branding.primaryColor },
      { name: "theme", label: "Theme", options: ["system", "light", "dark"], value: branding.theme },
      { name: "supportEmail", label: "Support email", value: branding.supportEmail },
    ],
    "Save branding",
    async (values) => {
      await call("PATCH", `/workspace/${id}`, { branding: values });
      return again();
    },
  );
