// What the page does that an invitation's link opens: it asks what the invitation is to, then for
// what accepting it takes, and accepts it when the reader says so.
"use strict";

const form = document.querySelector("form");
const lead = document.querySelector("#lead");
const outcome = document.querySelector("[role=status]");
const token = new URLSearchParams(location.search).get("token");

// The token is for this page alone: it stays neither in the address bar nor in the history.
history.replaceState(null, "", location.pathname);

const say = (text) => {
  outcome.textContent = text;
};

const post = (route, body) =>
  fetch(`/auth/invitations/${route}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

const explain = (problem) => {
  const wrong = (problem.errors ?? []).find((error) => error.field in form.elements);
  if (wrong) return `${form.elements[wrong.field].dataset.name} ${wrong.message}.`;
  if (problem.code === "invalid_credentials") return "This is not the password of your account.";
  if (problem.code === "invitation_invalid" || problem.code === "validation_failed") {
    return "This invitation is not good any more: it was accepted or withdrawn, or has expired.";
  }
  if (problem.status === 429) return "Too many tries. Try again in some minutes.";
  return "That did not work. Try again in a moment.";
};

const unreachable = "The server cannot be reached. Try again in a moment.";

const ask = ({ workspace, email, hasAccount }) => {
  const { address, password } = form.elements;
  lead.textContent = hasAccount
    ? `You are invited to ${workspace.name}. Enter the password of your account to join.`
    : `You are invited to ${workspace.name}. Choose a name and a password to join.`;
  address.value = email;
  if (hasAccount) {
    document.querySelector("#newcomer").remove();
    password.autocomplete = "current-password";
  } else {
    document.querySelector("label[for=password]").textContent = "New password";
    password.minLength = 8;
    password.maxLength = 128;
  }
  form.dataset.done = `You are now a member of ${workspace.name}.`;
  form.hidden = false;
  say("");
};

const preview = async () => {
  say("One moment.");
  try {
    const answer = await post("preview", { token });
    const body = await answer.json();
    if (answer.ok) ask(body);
    else say(explain(body));
  } catch {
    say(unreachable);
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say("");
  const { name, password } = form.elements;
  const body = { token, password: password.value };
  if (name) body.name = name.value;
  try {
    const answer = await post("accept", body);
    if (answer.ok) {
      form.hidden = true;
      lead.hidden = true;
      say(form.dataset.done);
    } else {
      say(explain(await answer.json()));
    }
  } catch {
    say(unreachable);
  }
  button.disabled = false;
});

if (token) preview();
else say("This page needs the link in the mail: open it from there once more.");
