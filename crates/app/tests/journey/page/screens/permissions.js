// What can be permitted in the workspace, by category.

import { call } from "/api.js";
import { element, heading, table } from "/elements.js";

export const permissions = async () => {
  const [{ permissions, total }, { categories }] = await Promise.all([
    call("GET", "/permissions"),
    call("GET", "/permissions/categories"),
  ]);
  return [
    heading("Permissions"),
    element("p", {}, `${total} in ${categories.length} categories`),
    ...categories.flatMap((category) => [
      element("h2", {}, category),
      table(
        ["Name", "Description"],
        permissions
          .filter((permission) => permission.category === category)
          .map(({ name, description }) => [name, description]),
      ),
    ]),
  ];
};
