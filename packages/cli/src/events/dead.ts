import { getApp } from "@redress/core/apps/get-app";
import { type DeadLetter, listDeadLetters } from "@redress/core/webhooks/dead-letters";
import type { Desk } from "../command.ts";
import { counted } from "../terminal.ts";
import { firstLine } from "./list.ts";
import type { PageOptions } from "./options.ts";
import { checkingInput } from "./usage-of.ts";

const largestPage = 100;

/** `events dead`. */
export async function dead(
  { dependencies, terminal }: Desk,
  app: string | undefined,
  page: PageOptions,
): Promise<number> {
  if (app !== undefined) await checkingInput(dependencies, () => getApp(dependencies, { slug: app }));
  const found: DeadLetter[] = [];
  let cursor = page.cursor;
  do {
    const limit = Math.min(largestPage, page.limit - found.length);
    const next = await checkingInput(dependencies, () =>
      listDeadLetters(dependencies, { appIds: "all", app, limit, cursor }),
    );
    found.push(...next.deadLetters);
    cursor = next.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < page.limit);
  if (page.json) {
    terminal.out.write(`${JSON.stringify({ deadLetters: found, nextCursor: cursor ?? null }, null, 2)}\n`);
    return 0;
  }
  for (const letter of found) terminal.out.write(`${lineOf(letter)}\n`);
  const more = cursor === undefined ? "" : ` There is more: --cursor ${cursor}`;
  const then = found.length === 0 ? "" : " Once the reason is gone: events replay <msg_…>.";
  terminal.err.write(`${counted(found.length, "dead letter")}.${then}${more}\n`);
  return 0;
}

function lineOf({ id, name, subjectId, eventType, app, reason, sendCount, deadAt }: DeadLetter): string {
  const about = `${subjectId ?? "nothing"}${eventType === null ? "" : ` (${eventType})`}`;
  const why = reason === null ? "no reason is known" : firstLine(reason);
  return `${deadAt.toISOString()}  ${id}  ${name}  ${about}  ${app?.slug ?? "no app"}  sent ${sendCount} times: ${why}`;
}
