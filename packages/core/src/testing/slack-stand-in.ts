import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Slack } from "../dependencies.ts";
import { connectSlack } from "../slack/connect-slack.ts";
import { signSlackRequest } from "../slack/verify-request.ts";

export const slackSigningSecret = "0123456789abcdef0123456789abcdef";
export const slackChannel = "C0REFUNDS";
export const slackTeam = "T0TEAM";

/** One call of the Web API, its form decoded; `blocks` and `view` as the JSON that they hold. */
export interface SlackCall {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the stand-in does with a call instead of taking it. `lost`: it takes it, and the answer never arrives. */
export type SlackFault =
  | { readonly kind: "rate_limited"; readonly retryAfterSeconds: number }
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "unavailable" }
  | { readonly kind: "lost" };

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
  readonly threadTs: string | null;
}

/** Speaks the wire format of Slack's Web API as the official client uses it, and signs clicks as Slack does. */
export interface SlackStandIn {
  readonly slack: Slack;
  readonly apiUrl: string;
  readonly calls: SlackCall[];
  /** As they are now, oldest first. */
  messages(): SlackMessage[];
  /** For the next calls of a method, one fault each. */
  fail(method: string, ...faults: SlackFault[]): void;
  close(): Promise<void>;
}

const methods = new Set(["chat.postMessage", "chat.update", "chat.postEphemeral", "views.open"]);
const botToken = "xoxb-0-stand-in";

export async function startSlackStandIn(): Promise<SlackStandIn> {
  const calls: SlackCall[] = [];
  const messages = new Map<string, SlackMessage>();
  const faults = new Map<string, SlackFault[]>();
  const server = createServer((request, response) => {
    void answer(request, response, { calls, messages, faults });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in has no port");
  const apiUrl = `http://127.0.0.1:${address.port}/api/`;
  return {
    apiUrl,
    calls,
    slack: connectSlack({
      botToken,
      signingSecrets: [slackSigningSecret],
      channel: slackChannel,
      apiUrl,
    }),
    messages: () => [...messages.values()],
    fail: (method, ...given) => {
      faults.set(method, given);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface State {
  readonly calls: SlackCall[];
  readonly messages: Map<string, SlackMessage>;
  readonly faults: Map<string, SlackFault[]>;
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const method = (request.url ?? "").replace(/^\/api\//, "");
  const given = readArguments(Buffer.concat(chunks).toString());
  const send = (body: object) => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(body));
  };
  if (request.headers.authorization !== `Bearer ${botToken}`)
    return send({ ok: false, error: "invalid_auth" });
  if (!methods.has(method)) return send({ ok: false, error: "unknown_method" });
  const fault = state.faults.get(method)?.shift();
  if (fault?.kind === "rate_limited") {
    response.writeHead(429, { "retry-after": String(fault.retryAfterSeconds) }).end();
    return;
  }
  if (fault?.kind === "unavailable") return void response.writeHead(503).end();
  if (fault?.kind === "error") return send({ ok: false, error: fault.error });
  state.calls.push({ method, arguments: given });
  const taken = take(method, given, state);
  if (fault?.kind === "lost") return void response.destroy();
  send(taken);
}

/** The form of the official client: what is no text is JSON. */
function readArguments(body: string): Record<string, unknown> {
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]): [string, unknown] => [
      name,
      /^[[{]/.test(value) && ["blocks", "view"].includes(name) ? JSON.parse(value) : value,
    ]),
  );
}

function take(method: string, given: Record<string, unknown>, { messages }: State): object {
  const channel = String(given.channel);
  switch (method) {
    case "chat.postMessage": {
      const ts = `1700000000.${String(messages.size + 1).padStart(6, "0")}`;
      messages.set(ts, messageOf(given, channel, ts));
      return { ok: true, channel, ts };
    }
    case "chat.update": {
      const ts = String(given.ts);
      if (!messages.has(ts)) return { ok: false, error: "message_not_found" };
      messages.set(ts, messageOf(given, channel, ts));
      return { ok: true, channel, ts };
    }
    default:
      return { ok: true };
  }
}

function messageOf(given: Record<string, unknown>, channel: string, ts: string): SlackMessage {
  return {
    channel,
    ts,
    text: String(given.text),
    blocks: Array.isArray(given.blocks) ? given.blocks : [],
    threadTs: given.thread_ts === undefined ? null : String(given.thread_ts),
  };
}

/** An interaction as Slack sends it: form-encoded, signed over time and raw body. */
export function signInteraction(
  payload: object,
  now: Date,
  secret = slackSigningSecret,
): { rawBody: string; timestamp: string; signature: string } {
  const rawBody = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { rawBody, timestamp, signature: signSlackRequest(secret, timestamp, rawBody) };
}

/** A click on a button of a message. */
export function slackClick(
  button: { actionId: string; value: string },
  place: { channel: string; ts: string },
  userId: string,
): object {
  return {
    type: "block_actions",
    trigger_id: "1.2.trigger",
    api_app_id: "A0APP",
    team: { id: slackTeam, domain: "company" },
    user: { id: userId, username: "somebody", team_id: slackTeam },
    channel: { id: place.channel, name: "refunds" },
    message: { type: "message", ts: place.ts },
    container: { type: "message", message_ts: place.ts, channel_id: place.channel },
    actions: [
      { type: "button", action_id: button.actionId, block_id: "redress_decide", value: button.value },
    ],
  };
}

/** A form that was sent. */
export function slackForm(
  form: { callbackId: string; privateMetadata?: string; field: string; value: string },
  userId: string,
): object {
  return {
    type: "view_submission",
    team: { id: slackTeam, domain: "company" },
    user: { id: userId, username: "somebody", team_id: slackTeam },
    view: {
      type: "modal",
      callback_id: form.callbackId,
      private_metadata: form.privateMetadata ?? "",
      state: { values: { [form.field]: { [form.field]: { type: "plain_text_input", value: form.value } } } },
    },
  };
}
