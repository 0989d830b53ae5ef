// One scenario for every client: make an agent, place a call on the loopback line, follow it to
// its end, read it. What was seen is returned, and what it should be is decided by the test.

export const NUMBER = "+15550100199";
const ROUNDS = 20;

export async function scenario(client, follow) {
  const names = (await client.listTools()).tools.map((tool) => tool.name);
  const agentName = `receptionist-${process.pid}-${Date.now()}`;
  const agent = await told(client, "create_agent", {
    name: agentName,
    prompt: "Ask whether the shop is open on Sunday, thank them and say goodbye.",
    first_message: "Hello, this is an automated assistant.",
  });
  const made = await told(client, "create_call", { to: NUMBER, agent: agentName });
  const updates = await follow(`call://${made.call_id}`);
  const seen = await toTheEnd(client, made.call_id);
  const read = await client.readResource({ uri: `call://${made.call_id}` });
  const got = await told(client, "get_call", { call_id: made.call_id, include: ["transcript"] });
  const ended = await told(client, "end_call", { call_id: made.call_id });
  const unknown = await client.callTool({ name: "get_call", arguments: { call_id: "call_nobody" } });
  return {
    names,
    agent,
    made,
    updates: await updates.stop(),
    seen,
    resource: JSON.parse(read.contents[0].text),
    got,
    ended,
    unknown: { isError: unknown.isError === true, structured: unknown.structuredContent },
  };
}

async function told(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
  return result.structuredContent;
}

async function toTheEnd(client, callId) {
  const seen = [];
  let cursor = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const news = await told(client, "wait_for_call", { call_id: callId, cursor, max_wait: 10 });
    seen.push(news.status);
    if (news.terminal) return seen;
    cursor = news.cursor;
  }
  throw new Error(`the call went on after ${ROUNDS} rounds: ${seen.join(", ")}`);
}

export async function settled(updates) {
  // Updates travel on another stream than answers, so the last one may still be on its way.
  for (let look = 0; look < 100 && updates.length === 0; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [...updates];
}
