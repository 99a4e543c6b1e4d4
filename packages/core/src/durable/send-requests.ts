import { type InngestEvent, inRequests } from "./inngest-event.ts";
import { NotTakenError, type Refusal } from "./not-taken.ts";

/** Inngest answered that it will not have these events, for what is in them or for their size. */
export class EventsRefusedError extends Error {
  override readonly name = "EventsRefusedError";
}

/** Statuses that are about the events themselves. Keys (401, 403, 404), pace (408, 429) and 5xx are not. */
const refusingStatuses = new Set([400, 406, 413, 422]);

/**
 * @param response Inngest's to a request with events
 * @throws EventsRefusedError
 */
export async function throwIfRefused(response: Response): Promise<void> {
  if (!refusingStatuses.has(response.status)) return;
  const text = (await response.text()).slice(0, 500);
  throw new EventsRefusedError(`Inngest refused the events: ${response.status} ${text}`);
}

/**
 * Sends events in requests that fail each for themselves. One that is refused for what is in it is searched by
 * halves, so that its neighbours go through.
 *
 * @throws NotTakenError naming the messages of what failed; a message may have several events
 */
export async function sendRequests(
  send: (request: InngestEvent[]) => Promise<unknown>,
  events: readonly InngestEvent[],
): Promise<void> {
  const refusals = new Map<string, Refusal>();

  async function sendOne(request: InngestEvent[]): Promise<void> {
    try {
      await send(request);
    } catch (error) {
      const forGood = error instanceof EventsRefusedError;
      if (forGood && request.length > 1) {
        const middle = request.length >> 1;
        await Promise.all([sendOne(request.slice(0, middle)), sendOne(request.slice(middle))]);
        return;
      }
      for (const { data } of request) refusals.set(data.redress.messageId, { error, forGood });
    }
  }

  await Promise.all(inRequests(events).map(sendOne));
  if (refusals.size > 0) throw new NotTakenError(refusals);
}
