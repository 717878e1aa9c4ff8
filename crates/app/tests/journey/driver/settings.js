// What the driver is told by its environment. `cargo xtask journey` sets all of it.

const told = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; \`cargo xtask journey\` sets it`);
  return value;
};

// The server under test, which sends its links to PAGE.
export const API = told("API_URL");
// Where the dashboard is to be served: its port must be free.
export const PAGE = told("PAGE_URL");
// The browser.
export const CHROMIUM = told("CHROMIUM");
// An empty folder, for the browser's profiles.
export const FOLDER = told("JOURNEY_FOLDER");
// How long an access token is believed, in milliseconds: its lifetime and the server's leeway.
export const TOKEN_LIFE_MS = (Number(told("ACCESS_TOKEN_TTL_SECS")) + 5) * 1000;
