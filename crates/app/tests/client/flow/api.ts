// The generated client, told where the server is and whom it calls for.

import { client } from "../generated/client.gen.js";

const baseUrl = process.env["API_URL"];
if (!baseUrl) throw new Error("API_URL is not set; `cargo xtask client` sets it");

let accessToken: string | undefined;

// The document says which operations take a bearer token; the client asks for it at those.
client.setConfig({ baseUrl, auth: () => accessToken });

export const speakFor = (tokens: { access_token: string }): void => {
  accessToken = tokens.access_token;
};

// What clients say that cannot hold cookies: the refresh token is in bodies.
export const native = { "X-Client-Type": "native" };

// An answer that has to be there.
export const present = <T>(value: T | null | undefined, what: string): T => {
  if (value === null || value === undefined) throw new Error(`there is no ${what}`);
  return value;
};
