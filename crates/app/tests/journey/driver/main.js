// Runs the journey: two browsers, each with its own profile, go through the steps in order. The first
// step that fails ends it.

import { Profile } from "./profile.js";
import { servePage } from "./page_server.js";
import { steps } from "../steps/index.js";

// A journey that hangs is a failure too.
const LIMIT_MS = 300_000;

const secs = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

// What a stranger needs to see of a failure.
const explain = async (profile) => {
  const answers = profile.answers.slice(-12).map(({ call, status }) => `    ${call} ${status}`);
  console.error(`  the last answers to ${profile.name}:\n${answers.join("\n")}`);
  for (const fault of profile.faults) console.error(`  in the browser of ${profile.name}: ${fault}`);
  for (const tab of profile.tabs()) {
    const text = await tab.locator("body").innerText({ timeout: 1000 }).catch(String);
    console.error(`  a tab of ${profile.name} at ${tab.url()} shows:\n${text.replace(/^/gm, "    ")}`);
  }
};

const walk = async (profiles) => {
  let passed = 0;
  for (const [name, step] of Object.entries(steps)) {
    const started = Date.now();
    try {
      await step(profiles);
      for (const profile of Object.values(profiles)) profile.assertQuiet();
    } catch (error) {
      console.error(`FAILED  ${name} (${secs(started)})\n${error.stack}`);
      for (const profile of Object.values(profiles)) await explain(profile);
      return { passed, failed: 1 };
    }
    console.log(`ok  ${name} (${secs(started)})`);
    passed += 1;
  }
  return { passed, failed: 0 };
};

// The browsers end with this process, however it ends.
for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15]]) {
  process.once(signal, () => process.exit(128 + number));
}
setTimeout(() => {
  console.error(`the journey took longer than ${LIMIT_MS / 1000} s`);
  process.exit(1);
}, LIMIT_MS).unref();

const stopPage = await servePage();
const profiles = {
  owner: await Profile.launch("owner"),
  colleague: await Profile.launch("colleague"),
};
const { passed, failed } = await walk(profiles);
await Promise.all(Object.values(profiles).map((profile) => profile.close()));
stopPage();
console.log(`journey: ${passed} passed, ${failed} failed`);
process.exitCode = failed;
