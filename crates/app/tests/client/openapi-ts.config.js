// Why this generator: what it makes is a whole client, with a function for every operation and a type
// for every answer and problem, which leans on `fetch` and on no package at run time. openapi-typescript
// makes types alone; orval wants a newer Node, and so does this one from 0.96 on.

export default {
  input: "../../../../docs/openapi.json",
  output: "generated",
  logs: { file: false },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
