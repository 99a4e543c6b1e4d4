import { createHash } from "node:crypto";
import { z } from "zod";
import type { AnyWorkflow, EngineMessage } from "./port.ts";
import { takersOf } from "./takers.ts";

/**
 * What Inngest is sent: the message's name, and its data as the member `data`. For `stripe/event.received`
 * that is `{id, type, data, accountId, created, livemode}`. Beside these stands `redress`, which only our
 * own functions read.
 */
export interface InngestEvent {
  /** Inngest drops what has an id that it saw within 24 hours, so each sending has one of its own. */
  readonly id: string;
  readonly name: string;
  readonly data: Record<string, unknown> & { readonly redress: Start };
}

const startSchema = z.object({
  messageId: z.string(),
  /** The one workflow that this event starts: a message with several takers is sent as several events. */
  workflow: z.string(),
  /** Runs with the same key take turns. Empty when the workflow has none. */
  key: z.string(),
});
type Start = z.infer<typeof startSchema>;

/** Inngest Cloud takes 256 KiB an event in its smallest plan; the difference is for what it wraps around. */
const largestEventBytes = 128 * 1024;
/** A newer self-hosted server refuses requests over 3 MiB. */
const largestRequestBytes = 256 * 1024;
/** Longer, or with other characters than these, a key travels as its hash. */
const plainKey = /^[\x21-\x7e]{1,200}$/;
/** U+0000 and halves of surrogate pairs, as JSON escapes them: databases behind Inngest may not hold them. */
const unstorable = /\\u(0000|d[89a-f])/i;

/** One event for each workflow that takes the message; none when no workflow does. */
export function eventsOf(workflows: readonly AnyWorkflow[], message: EngineMessage): InngestEvent[] {
  const { id: messageId, name, sendCount } = message;
  return takersOf(workflows, message).map((workflow) => {
    const key = workflow.concurrencyKey?.(message.data) ?? "";
    const redress = { messageId, workflow: workflow.id, key: plainKey.test(key) ? key : hash(key) };
    const event = {
      id: `${messageId}:${sendCount}:${workflow.id}`,
      name,
      data: { ...message.data, redress },
    };
    return travels(event) ? event : { ...event, data: { ...event.data, data: {} } };
  });
}

function hash(key: string): string {
  return key === "" ? "" : createHash("sha256").update(key).digest("hex");
}

/** What does not is left out, and read from the inbox as every body is. */
function travels(event: InngestEvent): boolean {
  const text = JSON.stringify(event);
  return Buffer.byteLength(text) <= largestEventBytes && !unstorable.test(text);
}

/** In requests of a size that Inngest takes, in their order. */
export function inRequests(events: readonly InngestEvent[]): InngestEvent[][] {
  const requests: InngestEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const bytes = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (bytes > room) {
      requests.push([]);
      room = largestRequestBytes;
    }
    requests.at(-1)?.push(event);
    room -= bytes;
  }
  return requests;
}

/**
 * The id of the message that an event stands for: all that is believed of an event, since whoever has the
 * event key can send one.
 *
 * @returns null when the event is none of ours
 */
export function messageIdOf(event: unknown): string | null {
  const parsed = z.object({ data: z.object({ redress: startSchema }) }).safeParse(event);
  return parsed.success ? parsed.data.data.redress.messageId : null;
}
