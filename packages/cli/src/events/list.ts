import { type EventSummary, listEvents } from "@redress/core/webhooks/list-events";
import type { Desk } from "../command.ts";
import { counted } from "../terminal.ts";
import type { Filters, PageOptions } from "./options.ts";
import { checkingInput } from "./usage-of.ts";

const largestPage = 100;

/** `events list`: turns pages until as many lines are found as were asked for. */
export async function list(desk: Desk, filters: Filters, page: PageOptions): Promise<number> {
  const { dependencies, terminal, stopping } = desk;
  const events: EventSummary[] = [];
  let cursor = page.cursor;
  do {
    const limit = Math.min(largestPage, page.limit - events.length);
    const next = await checkingInput(dependencies, () =>
      listEvents(dependencies, { appIds: "all", ...filters, limit, cursor }),
    );
    events.push(...next.events);
    cursor = next.nextCursor ?? undefined;
  } while (cursor !== undefined && events.length < page.limit && !stopping.aborted);
  if (page.json) {
    terminal.out.write(`${JSON.stringify({ events, nextCursor: cursor ?? null }, null, 2)}\n`);
    return stopping.aborted ? 130 : 0;
  }
  for (const event of events) terminal.out.write(`${lineOf(event)}\n`);
  const more = cursor === undefined ? "" : ` There is more: --cursor ${cursor}`;
  terminal.err.write(`${counted(events.length, "event")}.${more}\n`);
  return stopping.aborted ? 130 : 0;
}

function lineOf({ id, type, status, labels, receivedAt, accountId, lastError }: EventSummary): string {
  const odd = labels.length === 0 ? "" : `  ${labels.join(", ")}`;
  const why = status === "failed" && lastError !== null ? `  ${firstLine(lastError)}` : "";
  const where = accountId ?? "platform";
  return `${receivedAt.toISOString()}  ${status.padEnd(8)}  ${id}  ${type}  ${where}${odd}${why}`;
}

/** An error's first words; the rest is in `events show`. */
export function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
