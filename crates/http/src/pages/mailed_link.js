// What the pages do that mailed links open: they send the link's token when the reader says so.
"use strict";

const form = document.querySelector("form");
const outcome = document.querySelector("[role=status]");
const token = new URLSearchParams(location.search).get("token");

// The token is for this page alone: it stays neither in the address bar nor in the history.
history.replaceState(null, "", location.pathname);

const say = (text) => {
  outcome.textContent = text;
};

const explain = (problem) => {
  const wrong = (problem.errors ?? []).find((error) => error.field in form.elements);
  if (wrong) return `${form.elements[wrong.field].dataset.name} ${wrong.message}.`;
  if (problem.code.endsWith("token_invalid") || problem.code === "validation_failed") {
    return "This link is not good any more: it was used, has expired, or is not complete.";
  }
  if (problem.status === 429) return "Too many tries. Try again in some minutes.";
  return "That did not work. Try again in a moment.";
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say("");
  const body = { ...Object.fromEntries(new FormData(form)), token };
  try {
    const answer = await fetch(form.dataset.to, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) {
      form.hidden = true;
      say(form.dataset.done);
    } else {
      say(explain(await answer.json()));
    }
  } catch {
    say("The server cannot be reached. Try again in a moment.");
  }
  button.disabled = false;
});

if (token) {
  form.hidden = false;
  say("");
} else {
  say("This page needs the link in the mail: open it from there once more.");
}
