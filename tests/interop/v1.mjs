// The handshake era through the first TypeScript SDK: node v1.mjs stdio|http|sse WHERE [KEY SECRET]

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  ElicitRequestSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { scenario, settled } from "./scenario.mjs";

const [kind, where, key, secret] = process.argv.slice(2);
const headers = key ? { "X-API-KEY": key, "X-API-SECRET": secret } : {};

const TRANSPORTS = {
  stdio: () => new StdioClientTransport({ command: where, args: ["mcp"], env: { ...process.env } }),
  http: () =>
    new StreamableHTTPClientTransport(new URL(`${where}/mcp`), { requestInit: { headers } }),
  sse: () =>
    new SSEClientTransport(new URL(`${where}/sse`), {
      requestInit: { headers },
      eventSourceInit: {
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
      },
    }),
};

const client = new Client(
  { name: "interop-v1", version: "1" },
  { capabilities: { elicitation: { form: {} } } },
);
let asked = 0;
client.setRequestHandler(ElicitRequestSchema, () => {
  asked += 1;
  return { action: "accept", content: { confirm: true } };
});

async function follow(uri) {
  const updates = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, (update) =>
    updates.push(update.params.uri),
  );
  await client.subscribeResource({ uri });
  return {
    stop: async () => {
      const heard = await settled(updates);
      await client.unsubscribeResource({ uri });
      return heard;
    },
  };
}

await client.connect(TRANSPORTS[kind]());
const seen = await scenario(client, follow);
console.log(JSON.stringify({ ...seen, asked, server: client.getServerVersion() }));
await client.close();
