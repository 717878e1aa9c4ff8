// Where the person is signed in, and ending what is elsewhere.

import { call } from "/api.js";
import { button, element, heading, table } from "/elements.js";

export const sessions = async ({ again }) => {
  const { sessions, total } = await call("GET", "/health/sessions");
  return [
    heading("Sessions"),
    element("p", {}, `${total} in all`),
    table(
      ["Device", "Address", "Last active", "Requests", "End"],
      sessions.map((session) => [
        session.deviceName,
        session.ipAddress,
        session.lastActivityAt,
        String(session.totalRequests),
        session.isCurrent
          ? "this one"
          : button("End", async () => {
              await call("DELETE", `/health/sessions/${session.sessionToken}`);
              return again();
            }),
      ]),
    ),
  ];
};
