// Serves the dashboard: its files, the address of the API, and the shell for every other path.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import { API, PAGE } from "./settings.js";

const FOLDER = fileURLToPath(new URL("../page", import.meta.url));
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
const POLICY =
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src ${API}; ` +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const content = async (path) => {
  if (path === "/config.js") return `export const API = ${JSON.stringify(API)};\n`;
  return readFile(FOLDER + (extname(path) ? path : "/index.html"));
};

const answer = async (request, response) => {
  const { pathname } = new URL(request.url, PAGE);
  try {
    const body = await content(pathname);
    const type = TYPES[extname(pathname) || ".html"];
    response.writeHead(200, {
      "Content-Type": `${type}; charset=utf-8`,
      "Content-Security-Policy": POLICY,
      "Referrer-Policy": "no-referrer",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
};

// Starts serving at PAGE; the answer stops it.
export const servePage = async () => {
  const server = createServer(answer);
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(new URL(PAGE).port), "localhost", resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
};
