// Both eras through the second TypeScript SDK: node v2.mjs auto|legacy WHERE KEY SECRET

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { scenario, settled } from "./scenario.mjs";

const [mode, where, key, secret] = process.argv.slice(2);
const requestInit = { headers: { "X-API-KEY": key, "X-API-SECRET": secret } };

const client = new Client(
  { name: "interop-v2", version: "1" },
  {
    capabilities: { elicitation: { form: {} } },
    ...(mode === "auto" ? { versionNegotiation: { mode } } : {}),
  },
);
let asked = 0;
client.setRequestHandler("elicitation/create", async () => {
  asked += 1;
  return { action: "accept", content: { confirm: true } };
});

const FOLLOWING = {
  auto: async (uri) => {
    const stream = await client.listen({ resourceSubscriptions: [uri] });
    return () => stream.close();
  },
  legacy: async (uri) => {
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  },
};

async function follow(uri) {
  const updates = [];
  client.setNotificationHandler("notifications/resources/updated", (update) => {
    updates.push(update.params.uri);
  });
  const stop = await FOLLOWING[mode](uri);
  return {
    stop: async () => {
      const heard = await settled(updates);
      await stop();
      return heard;
    },
  };
}

await client.connect(
  new StreamableHTTPClientTransport(new URL(`${where}/mcp`), { requestInit }),
);
const seen = await scenario(client, follow);
const version = client.getNegotiatedProtocolVersion();
console.log(JSON.stringify({ ...seen, asked, version, server: client.getServerVersion() }));
await client.close();
