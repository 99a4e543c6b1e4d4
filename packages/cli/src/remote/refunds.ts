import { formatMoney } from "@redress/core/money";
import { z } from "zod";
import { counted } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { askDesk } from "./ask-desk.ts";
import { readConnection } from "./connection.ts";
import { readLimit, readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { type Refund, refundShape } from "./shapes.ts";

const next = "See npm run redress -- refunds --help.";
const option = { type: "string" } as const;
const listShape = z.looseObject({ refunds: z.array(refundShape), nextCursor: z.string().nullable() });
export const oneRefundShape = z.looseObject({ refund: refundShape, repeated: z.literal(true).optional() });

/** Ended, and nothing was returned. */
const inVain = new Set(["rejected", "expired", "refused", "failed", "canceled"]);

/** 0 for what is done or on its way, 1 for what came to nothing. */
export const exitCodeOf = ({ status }: Pick<Refund, "status">): number => (inVain.has(status) ? 1 : 0);

/** A list of refunds; `statuses` fixes what `--status` would say. */
function listOf(words: readonly string[], statuses: string | undefined, help: string): RemoteCommand {
  const { values } = readWords(words, { limit: option, cursor: option, status: option }, [], help);
  if (statuses !== undefined && values.status !== undefined) {
    throw new UsageError(`approvals list takes no --status. ${help}`);
  }
  const { status = statuses, cursor, url, json } = values;
  const query = { status, cursor, limit: readLimit(values.limit, help) };
  return async ({ terminal, environment }) => {
    const connection = await readConnection(url, environment);
    const answer = await askDesk(connection, { path: "/api/v1/refunds", query }, listShape);
    print(terminal, json, answer, answer.refunds.map(lineOf));
    if (!json) {
      const more = answer.nextCursor === null ? "" : ` There is more: --cursor ${answer.nextCursor}`;
      terminal.err.write(`${counted(answer.refunds.length, "refund")}.${more}\n`);
    }
    return 0;
  };
}

/** `refunds list`. @throws UsageError */
export const listRefunds = (words: readonly string[]): RemoteCommand => listOf(words, undefined, next);

/** `approvals list`: what waits for a person. @throws UsageError */
export const listApprovals = (words: readonly string[]): RemoteCommand =>
  listOf(words, "awaiting_approval", "See npm run redress -- approvals --help.");

/** `refunds show <rfd_…>`. @throws UsageError */
export function showRefund(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, {}, ["the refund, rfd_…"], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const path = `/api/v1/refunds/${encodeURIComponent(given[0] ?? "")}`;
    const answer = await askDesk(connection, { path }, oneRefundShape);
    print(terminal, values.json, answer, [lineOf(answer.refund), answer.refund.message]);
    return 0;
  };
}

/** `refunds withdraw <rfd_…>`. @throws UsageError */
export function withdrawRefund(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, { note: option }, ["the refund, rfd_…"], next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const path = `/api/v1/refunds/${encodeURIComponent(given[0] ?? "")}/withdraw`;
    const body = values.note === undefined ? {} : { note: values.note };
    const answer = await askDesk(connection, { method: "POST", path, body }, oneRefundShape);
    print(terminal, values.json, answer, [lineOf(answer.refund), answer.refund.message]);
    return 0;
  };
}

export function lineOf({ id, app, amount, currency, status, purchaseId, requestedAt }: Refund): string {
  return `${id}  ${requestedAt.slice(0, 16)}Z  ${app.slug}  ${formatMoney({ amount, currency })}  ${status}  ${purchaseId}`;
}
