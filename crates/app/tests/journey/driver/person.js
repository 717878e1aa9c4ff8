// What a person does in a tab: goes to screens, fills forms, presses buttons, reads.

import assert from "node:assert/strict";

import { PAGE } from "./settings.js";

// Waits until a screen is complete.
export const shown = (tab, path) => tab.locator(`main[data-shown="${path}"]`).waitFor();

// Opens an address anew, as a bookmark or a reload does, and waits for the screen it leads to.
export const open = async (tab, path, leadsTo = path) => {
  await tab.goto(path.startsWith("http") ? path : PAGE + path);
  await shown(tab, leadsTo);
};

// Goes to a screen by its link, without loading the page anew.
export const visit = async (tab, title, path) => {
  await tab.getByRole("navigation").getByRole("link", { name: title, exact: true }).click();
  await shown(tab, path);
};

// Fills the form of this name, by its fields' names, and sends it.
export const submit = async (tab, name, values) => {
  const form = tab.getByRole("form", { name, exact: true });
  for (const [field, value] of Object.entries(values)) {
    const input = form.locator(`[name="${field}"]`);
    if ((await input.evaluate((element) => element.tagName)) === "SELECT") {
      await input.selectOption(value);
    } else {
      await input.fill(value);
    }
  }
  await form.locator("button").click();
};

// The row of a table that has this text in a cell of its own.
export const row = (tab, text) =>
  tab.getByRole("row").filter({ has: tab.getByRole("cell", { name: text, exact: true }) });

export const press = (place, name) => place.getByRole("button", { name, exact: true }).click();

export const sees = (place, text) => place.getByText(text).first().waitFor();

export const signIn = async (tab, { email, password }, leadsTo = "/users") => {
  await submit(tab, "Sign in", { email, password });
  await shown(tab, leadsTo);
};

// The texts of a column, from the top.
export const column = async (tab, number) => {
  const texts = await tab.locator(`tbody tr td:nth-child(${number})`).allTextContents();
  assert.ok(texts.length > 0, "the table is empty");
  return texts;
};
