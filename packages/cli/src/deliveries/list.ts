import { getApp } from "@redress/core/apps/get-app";
import {
  type DeliveryState,
  type DeliverySummary,
  listDeliveries,
} from "@redress/core/notifications/list-deliveries";
import type { Desk } from "../command.ts";
import type { PageOptions } from "../events/options.ts";
import { checkingInput } from "../events/usage-of.ts";
import { counted } from "../terminal.ts";

/** `deliveries list`. */
export async function list(
  { dependencies, terminal }: Desk,
  filter: {
    app: string | undefined;
    state: DeliveryState | undefined;
    since: Date | undefined;
    until: Date | undefined;
  },
  { limit, cursor, json }: PageOptions,
): Promise<number> {
  const { app } = filter;
  if (app !== undefined) await checkingInput(dependencies, () => getApp(dependencies, { slug: app }));
  const page = await checkingInput(dependencies, () =>
    listDeliveries(dependencies, { ...filter, appIds: "all", limit, cursor }),
  );
  if (json) {
    terminal.out.write(`${JSON.stringify(page, null, 2)}\n`);
    return 0;
  }
  for (const delivery of page.deliveries) terminal.out.write(`${lineOf(delivery)}\n`);
  const more = page.nextCursor === null ? "" : ` There is more: --cursor ${page.nextCursor}`;
  terminal.err.write(`${counted(page.deliveries.length, "message")}.${more}\n`);
  return 0;
}

function lineOf({
  id,
  createdAt,
  app,
  type,
  access,
  state,
  attemptCount,
  lastAttempt,
}: DeliverySummary): string {
  const outcome = lastAttempt?.httpStatus ?? lastAttempt?.errorCode ?? "not sent";
  return `${createdAt.toISOString()}  ${id}  ${app.slug}  ${type}  ${access}  ${state}  ${counted(attemptCount, "attempt")}, last: ${outcome}`;
}
