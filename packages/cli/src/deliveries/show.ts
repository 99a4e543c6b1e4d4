import { type DeliveryAttempt, getDelivery } from "@redress/core/notifications/get-delivery";
import type { Desk } from "../command.ts";
import { checkingInput } from "../events/usage-of.ts";
import { printable } from "../remote/shapes.ts";

/** `deliveries show`. */
export async function show(
  { dependencies, terminal }: Desk,
  notificationId: string,
  { json }: { json: boolean },
): Promise<number> {
  const delivery = await checkingInput(dependencies, () => getDelivery(dependencies, { notificationId }));
  if (json) {
    terminal.out.write(`${JSON.stringify({ delivery }, null, 2)}\n`);
    return 0;
  }
  const { app, type, access, state, refundId, nextAttemptAt, reason, payload, attempts } = delivery;
  const lines = [
    `${notificationId}  ${app.slug}  ${type}  ${access}  ${state}`,
    ...(refundId === null ? [] : [`refund: ${refundId}`]),
    ...(nextAttemptAt === null ? [] : [`next attempt: ${nextAttemptAt.toISOString()}`]),
    ...(reason === null ? [] : [`the app said: ${printable(reason)}`]),
    "",
    JSON.stringify(payload, null, 2),
    ...attempts.flatMap(linesOf),
  ];
  terminal.out.write(`${lines.join("\n")}\n`);
  return 0;
}

function linesOf(attempt: DeliveryAttempt): string[] {
  const { number, startedAt, finishedAt, url, httpStatus, errorCode, errorMessage, responseBody } = attempt;
  const took = finishedAt === null ? "not finished" : `${finishedAt.getTime() - startedAt.getTime()} ms`;
  return [
    "",
    `attempt ${number}  ${startedAt.toISOString()}  ${took}  ${printable(url)}: ${httpStatus ?? errorCode ?? "no answer yet"}`,
    ...(errorMessage === null ? [] : [`  ${errorMessage}`]),
    ...(responseBody ? [`  answer: ${printable(responseBody)}`] : []),
  ];
}
