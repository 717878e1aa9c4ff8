// The mails that the server would have sent, from its development mailbox.

import { API, PAGE } from "./settings.js";

const PATIENCE_MS = 20_000;
const read = new Set();

// The newest mail to somebody that nobody has read yet, made from this template.
const next = async (to, template) => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${API}/dev/mailbox.json?to=${encodeURIComponent(to)}`);
    const { messages } = await answer.json();
    const mail = messages.find((mail) => mail.template === template && !read.has(mail.id));
    if (mail) {
      read.add(mail.id);
      return mail;
    }
    if (Date.now() > deadline) throw new Error(`no mail ${template} came to ${to}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

export const codeFor = async (to) => (await next(to, "verification_code")).otp;

// The link to a page of the dashboard that a mail carries.
export const linkFor = async (to, template, path) => {
  const { text } = await next(to, template);
  const link = text.match(/\S+\?token=[\w-]+/)?.[0];
  if (!link?.startsWith(`${PAGE}${path}?`)) {
    throw new Error(`the mail ${template} to ${to} has no link to ${path} of the dashboard`);
  }
  return link;
};
