// A browser with a profile of its own, and what was seen of it: every answer of the API, every
// preflight, and everything that went wrong.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { API, CHROMIUM, FOLDER, PAGE } from "./settings.js";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE_MS = 20_000;

// Browsers repeat on the console what an answer says; answers are judged by `assertQuiet`.
const REPEATS_AN_ANSWER = /^Failed to load resource: the server responded with a status of \d+/;

export class Profile {
  // Answers of the API: `{call: "GET /users", status, request, answer}`, oldest first.
  answers = [];
  // Preflights: `{path, status, origin}`.
  preflights = [];
  // What went wrong in the browser since it was asked last: errors on the console, exceptions that
  // nobody caught, requests that failed.
  faults = [];
  #allowed = [];
  #context;

  static async launch(name) {
    const profile = new Profile();
    profile.name = name;
    const folder = join(FOLDER, name);
    await mkdir(folder);
    profile.#context = await chromium.launchPersistentContext(folder, {
      executablePath: CHROMIUM,
      headless: true,
      args: ARGUMENTS,
      handleSIGINT: false,
      handleSIGTERM: false,
      locale: "en-GB",
    });
    profile.#context.setDefaultTimeout(PATIENCE_MS);
    profile.#watch();
    [profile.tab] = profile.#context.pages();
    await profile.#watchPreflights(profile.tab);
    return profile;
  }

  async openTab() {
    const tab = await this.#context.newPage();
    await this.#watchPreflights(tab);
    return tab;
  }

  close() {
    return this.#context.close();
  }

  tabs() {
    return this.#context.pages();
  }

  // The refresh token's cookie, if there is one; there is never a second.
  async cookie() {
    const cookies = await this.#context.cookies(`${API}/auth/refresh`);
    assert.ok(cookies.length <= 1, `${cookies.length} cookies`);
    return cookies[0];
  }

  // Does something that the API must refuse with these answers ("POST /auth/login 401").
  async refused(answers, act) {
    const from = this.answers.length;
    this.#allowed.push(...[answers].flat());
    await act();
    const seen = this.answers.slice(from).map(told);
    for (const answer of [answers].flat()) {
      assert.ok(seen.includes(answer), `${answer} was expected, and there was ${seen.join(", ")}`);
    }
  }

  // Fails when anything went wrong since it was asked last. What may be refused was announced; and an
  // access token may have run out, which the dashboard puts right by itself.
  assertQuiet() {
    const refusals = this.answers
      .filter(({ status, judged }) => status >= 400 && !judged)
      .filter(({ call, status }) => status !== 401 || call.includes(" /auth/"))
      .map(told)
      .filter((answer) => !this.#allowed.includes(answer));
    const faults = this.faults.splice(0);
    this.#allowed = [];
    for (const answer of this.answers) answer.judged = true;
    assert.deepEqual([...faults, ...refusals], [], `${this.name} saw what it should not`);
  }

  #watch() {
    const context = this.#context;
    context.on("response", (response) => {
      if (!response.url().startsWith(`${API}/`)) return;
      const request = response.request();
      const call = `${request.method()} ${new URL(response.url()).pathname}`;
      this.answers.push({ call, status: response.status(), request, answer: response });
    });
    context.on("requestfailed", (request) => {
      const { errorText } = request.failure();
      // A page that is left takes its requests with it.
      if (errorText !== "net::ERR_ABORTED") this.faults.push(`${request.url()}: ${errorText}`);
    });
    context.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !REPEATS_AN_ANSWER.test(text)) this.faults.push(text);
    });
    context.on("weberror", (error) => this.faults.push(`uncaught: ${error.error().stack}`));
  }

  // Only the browser's own protocol tells of preflights.
  async #watchPreflights(tab) {
    const protocol = await this.#context.newCDPSession(tab);
    protocol.on("Network.responseReceived", ({ type, response }) => {
      if (type !== "Preflight") return;
      const headers = new Map(
        Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      this.preflights.push({
        path: new URL(response.url).pathname,
        status: response.status,
        origin: headers.get("access-control-allow-origin"),
      });
    });
    await protocol.send("Network.enable");
  }

  // Every preflight passed, and there were some.
  assertPreflights() {
    assert.ok(this.preflights.length > 0, `${this.name} made no preflight`);
    for (const preflight of this.preflights) {
      assert.deepEqual(preflight, { path: preflight.path, status: 204, origin: PAGE });
    }
  }
}

const told = ({ call, status }) => `${call} ${status}`;
