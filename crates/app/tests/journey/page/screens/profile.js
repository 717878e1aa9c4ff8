// The person themselves: what is known of them, and changing it.

import { call } from "/api.js";
import { element, form, heading } from "/elements.js";

export const profile = async ({ enter }) => {
  const me = await call("GET", "/users/profile");
  return [
    heading("Profile"),
    element("p", {}, `${me.name} <${me.email}>, ${me.phone ?? "no phone"}`),
    form(
      "About you",
      [
        { name: "name", label: "Name", value: me.name, required: true },
        { name: "phone", label: "Phone", type: "tel", value: me.phone },
        { name: "language", label: "Language", value: me.language },
        {
          name: "newDeviceMail",
          label: "Mail me when a new device signs in",
          type: "checkbox",
          value: me.newDeviceMail,
        },
      ],
      "Save",
      async (values) => {
        await call("PUT", "/users/profile", values);
        return enter("/profile");
      },
    ),
    form(
      "Address",
      [
        { name: "email", label: "New email", type: "email", required: true },
        { name: "currentPassword", label: "Current password", type: "password", required: true },
      ],
      "Change address",
      async (values) => {
        await call("PUT", "/users/profile", values);
        return enter("/profile");
      },
    ),
  ];
};
