// The calls to the API. The access token is in this variable and nowhere else; the refresh token is
// in a cookie that this page cannot read. Tabs know nothing of each other.

import { API } from "/config.js";

let accessToken = null;
let refreshing = null;
let whenSignedOut = () => {};

// An answer that is a problem (RFC 9457).
export class Problem extends Error {
  constructor(status, problem, requestId) {
    const fields = (problem.errors ?? []).map((error) => `${error.field} ${error.message}`);
    super([`${problem.code ?? status}: ${problem.detail ?? problem.title}`, ...fields].join("; "));
    this.status = status;
    this.code = problem.code;
    this.requestId = requestId;
  }
}

export const signedIn = () => accessToken !== null;

export const onSignedOut = (listener) => {
  whenSignedOut = listener;
};

// Keeps what login, confirming, accepting, switching and refreshing answer with.
export const keep = (tokens) => {
  accessToken = tokens.access_token;
};

export const forget = () => {
  accessToken = null;
};

// Exchanges the cookie for a new access token. Calls of this tab share one exchange.
export const refresh = () => {
  refreshing ??= send("POST", "/auth/refresh")
    .then(async (answer) => {
      if (answer.ok) keep(await answer.json());
      else forget();
      return answer.ok;
    })
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
};

// Calls the API and returns the JSON of its answer. When the access token has run out, it is
// refreshed and the call made once more.
export const call = async (method, path, body) => {
  const token = accessToken;
  let answer = await send(method, path, body);
  if (answer.status === 401 && token) {
    // Another call of this tab may have brought a newer one meanwhile.
    if (accessToken !== token || (await refresh())) answer = await send(method, path, body);
    else whenSignedOut();
  }
  if (answer.status === 204) return null;
  const json = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, json, answer.headers.get("X-Request-Id"));
  return json;
};

const send = (method, path, body) => {
  const headers = { Accept: "application/json" };
  if (path !== "/auth/refresh") headers["X-Requested-With"] = "XMLHttpRequest";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (accessToken && path !== "/auth/refresh") headers.Authorization = `Bearer ${accessToken}`;
  return fetch(API + path, {
    method,
    headers,
    credentials: "include",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
};
