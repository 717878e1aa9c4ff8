// Signing up: account, workspace, the code from the development mailbox, and its confirmation.

import { setTimeout as pause } from "node:timers/promises";

import { chooseWorkspace, confirmCode, mailboxJson, sendCode, signUp } from "../generated/sdk.gen.js";
import type { SignedInView } from "../generated/types.gen.js";
import { native, present, speakFor } from "./api.js";

const TRIES = 100;

// Gives who is signed in then, with the refresh token in the body.
export const onboard = async (
  person: { name: string; email: string; password: string },
): Promise<SignedInView> => {
  const signup = await signUp({ body: person, throwOnError: true });
  const { sessionId } = signup.data;
  await chooseWorkspace({
    body: {
      sessionId,
      name: "Analytical Engines",
      slug: "engines",
      branding: { companyName: "Analytical Engines Ltd", primaryColor: "#336699", theme: "dark" },
    },
    throwOnError: true,
  });
  await sendCode({ body: { sessionId }, throwOnError: true });
  const confirmed = await confirmCode({
    body: { sessionId, code: await codeFor(person.email) },
    headers: native,
    throwOnError: true,
  });
  speakFor(confirmed.data);
  return confirmed.data;
};

const codeFor = async (to: string): Promise<string> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { data } = await mailboxJson({ query: { to }, throwOnError: true });
    const code = data.messages.find(({ template }) => template === "verification_code")?.otp;
    if (code) return code;
    await pause(100);
  }
  throw new Error(`no code came to ${to}`);
};
