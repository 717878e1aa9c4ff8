// What the screens are made of: elements, tables, and forms that show what went wrong.

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
};

export const heading = (text) => element("h1", {}, text);

export const table = (titles, rows) =>
  element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", {}, title)))),
    element(
      "tbody",
      {},
      ...rows.map((cells) =>
        element("tr", {}, ...cells.map((cell) => element("td", {}, ...[cell ?? ""].flat()))),
      ),
    ),
  );

// A button that does something; what goes wrong is said beside it.
export const button = (text, act) => {
  const alert = element("span", { role: "alert" });
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", () => attempt(made, alert, act));
  return element("span", {}, made, alert);
};

// A form of labelled fields `{name, label, type?, value?, options?, required?}`. `submit` gets their
// values by name, without the empty ones.
export const form = (title, fields, action, submit) => {
  const alert = element("p", { role: "alert" });
  const send = element("button", {}, action);
  const made = element("form", { ariaLabel: title }, ...fields.map(field), send, alert);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(send, alert, () => submit(values(made)));
  });
  return made;
};

const field = ({ label, options, value = "", type = "text", ...attributes }) => {
  if (options) {
    const choices = options.map((option) =>
      element("option", { selected: option === value }, option),
    );
    return element("label", {}, label, element("select", attributes, ...choices));
  }
  const input = element("input", { type, ...attributes });
  if (type === "checkbox") {
    input.checked = value === true;
    return element("label", {}, input, label);
  }
  input.value = value ?? "";
  return element("label", {}, label, input);
};

const values = (made) =>
  Object.fromEntries(
    [...made.elements]
      .filter((input) => input.name && (input.type === "checkbox" || input.value !== ""))
      .map((input) => [input.name, input.type === "checkbox" ? input.checked : input.value]),
  );

const attempt = async (pressed, alert, act) => {
  alert.textContent = "";
  pressed.disabled = true;
  try {
    await act();
  } catch (problem) {
    // What is no answer of the API is a fault of this page.
    if (problem.status === undefined) throw problem;
    alert.textContent = `${problem.message} (request ${problem.requestId})`;
  }
  pressed.disabled = false;
};
