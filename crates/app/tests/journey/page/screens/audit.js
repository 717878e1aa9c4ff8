// What was done in the workspace, the newest first, and by whom.

import { call } from "/api.js";
import { element, form, heading, table } from "/elements.js";

export const audit = async () => {
  const log = element("section", {});
  const list = async (filter) => {
    const query = new URLSearchParams({ limit: "100", ...filter });
    const { items } = await call("GET", `/audit?${query}`);
    const rows = items.map(({ at, actor, action, target, ip }) => [
      at,
      actor?.name ?? actor?.id,
      action,
      target?.type,
      ip,
    ]);
    log.replaceChildren(table(["When", "Who", "What", "To what", "From"], rows));
  };
  await list({});
  return [heading("Audit log"), form("Filter", [{ name: "action", label: "Action" }], "Show", list), log];
};
