import type { Database } from "@redress/database";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { createCrowd } from "./crowd.ts";
import { insertEvents, type ReceivedEvent } from "./insert-events.ts";
import { isRefusalOfData } from "./is-refusal-of-data.ts";

/** What became of an event: it is in the inbox now, or was before. */
export interface Put {
  readonly isNew: boolean;
  /** As stored; empty for one that was there before. */
  readonly labels: readonly string[];
}

export interface Inbox {
  /**
   * Resolves once the event is committed, with the message for the workflow engine.
   *
   * @throws RedressError `webhooks_overloaded` at once when too many wait, `database_unavailable`, or
   *   `webhook_body_invalid` for an event that the database refuses for what is in it
   */
  put(received: ReceivedEvent): Promise<Put>;
  /** Events crowd in, so that what only has to be done soon should leave them the machine. */
  isCrowded(): boolean;
}

type InboxDependencies = Pick<Dependencies, "database" | "clock" | "random">;
interface Waiting {
  readonly received: ReceivedEvent;
  resolve(put: Put): void;
  reject(error: unknown): void;
}

export interface InboxLimits {
  /** One statement carries at most this many events. */
  readonly groupEvents: number;
  /** And this many bytes of bodies, unless one alone has more. */
  readonly groupBytes: number;
  readonly waitingEvents: number;
  readonly waitingBytes: number;
  /**
   * A database that does not answer for so long counts as away: else one connection that went dead would hold
   * all events that follow. What it wrote all the same, it has when Stripe sends it again.
   */
  readonly answerMs: number;
}

const usualLimits: InboxLimits = {
  groupEvents: 100,
  groupBytes: 2 * 1024 * 1024,
  waitingEvents: 5_000,
  waitingBytes: 32 * 1024 * 1024,
  answerMs: 10_000,
};
const inboxes = new WeakMap<Database, Inbox>();

/** The inbox of a database: there is one, so that concurrent arrivals share a commit. */
export function inboxOf(dependencies: InboxDependencies): Inbox {
  let inbox = inboxes.get(dependencies.database);
  if (!inbox) {
    inbox = createInbox(dependencies);
    inboxes.set(dependencies.database, inbox);
  }
  return inbox;
}

/**
 * Events that are read in one turn of the event loop, or arrive while another commit is under way, are
 * written together: under load one commit carries many, on a quiet machine nobody waits. One statement is
 * under way at a time. Measured with 8 and 32 at once: waiting for the turn's end saved a fifth to a third of
 * the processor's time, and a second statement beside the first cost more than that.
 *
 * @param limits for tests; see `usualLimits`
 */
export function createInbox(dependencies: InboxDependencies, limits: InboxLimits = usualLimits): Inbox {
  const crowd = createCrowd(dependencies.clock);
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let writing = false;

  function takeGroup(): Waiting[] {
    let bytes = 0;
    const isOver = ({ received }: Waiting, index: number) => {
      bytes += received.payload.byteLength;
      return index >= limits.groupEvents || (index > 0 && bytes > limits.groupBytes);
    };
    const end = waiting.findIndex(isOver);
    const group = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    for (const { received } of group) waitingBytes -= received.payload.byteLength;
    return group;
  }

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      await nextTurn();
      await writeGroup(dependencies, takeGroup(), limits.answerMs);
    }
    writing = false;
  }

  function put(received: ReceivedEvent): Promise<Put> {
    crowd.add();
    const size = received.payload.byteLength;
    if (waiting.length >= limits.waitingEvents || waitingBytes + size > limits.waitingBytes) {
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      waiting.push({ received, resolve, reject });
      waitingBytes += size;
      if (!writing) void writeAll();
    });
  }

  return { put, isCrowded: crowd.isThere };
}

/** The end of this turn of the event loop: what the sockets hold by then has been read. No time passes. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Settles all of the group; never rejects. */
async function writeGroup(
  dependencies: InboxDependencies,
  group: readonly Waiting[],
  answerMs: number,
): Promise<void> {
  const first = new Map<string, Waiting>();
  for (const one of group) {
    const { id } = one.received.event;
    if (!first.has(id)) first.set(id, one);
  }
  // In one order everywhere: two servers that write the same events must not wait for each other.
  const events = [...first.values()]
    .map(({ received }) => received)
    .sort((one, other) => (one.event.id < other.event.id ? -1 : 1));
  try {
    const stored = await insertEvents(dependencies, events, answerMs);
    for (const one of group) {
      const { id } = one.received.event;
      const labels = first.get(id) === one ? stored.get(id) : undefined;
      one.resolve({ isNew: labels !== undefined, labels: labels ?? [] });
    }
  } catch (error) {
    await endInTrouble(dependencies, { group, answerMs }, error);
  }
}

/**
 * An event that the database refuses must not take its neighbours with it: it is searched by halves, in few
 * statements. If the database itself is away nobody is asked to wait for further tries.
 */
async function endInTrouble(
  dependencies: InboxDependencies,
  { group, answerMs }: { group: readonly Waiting[]; answerMs: number },
  error: unknown,
): Promise<void> {
  const isData = isRefusalOfData(error);
  if (isData && group.length > 1) {
    const middle = group.length >> 1;
    await writeGroup(dependencies, group.slice(0, middle), answerMs);
    await writeGroup(dependencies, group.slice(middle), answerMs);
    return;
  }
  const reason = isData ? refused(error) : unavailable(error);
  for (const one of group) one.reject(reason);
}

const overloaded = () =>
  new RedressError(
    "webhooks_overloaded",
    "More events arrive than can be stored at the moment. Send it again later.",
  );

/** What is said of an event while the database is away. */
export const unavailable = (cause: unknown) =>
  new RedressError("database_unavailable", "The event could not be stored. Send it again later.", { cause });

const refused = (cause: unknown) =>
  new RedressError("webhook_body_invalid", "The database cannot hold what is in this event.", { cause });
