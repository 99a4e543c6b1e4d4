import { randomUUID } from "node:crypto";
import { readWholeNumber } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";
import { askDesk } from "./ask-desk.ts";
import { askOnce } from "./ask-once.ts";
import { type Connection, readConnection } from "./connection.ts";
import { readWords } from "./read-words.ts";
import { exitCodeOf, lineOf, oneRefundShape } from "./refunds.ts";
import { print, type Remote, type RemoteCommand } from "./remote-command.ts";
import { policyShape } from "./shapes.ts";

const next = "See npm run redress -- refunds --help.";
const option = { type: "string" } as const;
const ofMoney = { amount: option, currency: option, reason: option };

interface Asked {
  readonly purchaseId: string;
  readonly amount: number | undefined;
  readonly currency: string | undefined;
  readonly reason: string | undefined;
}

function readAsked(
  purchaseId: string | undefined,
  { amount, currency, reason }: Record<"amount" | "currency" | "reason", string | undefined>,
): Asked {
  if (amount !== undefined && currency === undefined) {
    throw new UsageError(`Give --currency beside --amount, which is in the smallest unit of it. ${next}`);
  }
  return {
    purchaseId: purchaseId ?? "",
    amount: readWholeNumber("--amount", amount, 1, next),
    currency,
    reason,
  };
}

/** `refunds policy <pur_…>`: what would become of a request. @throws UsageError */
export function showPolicy(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, ofMoney, ["the purchase, pur_…"], next);
  const asked = readAsked(given[0], {
    amount: values.amount,
    currency: values.currency,
    reason: values.reason,
  });
  return async ({ terminal, environment }) => {
    const answer = await foresee(await readConnection(values.url, environment), asked);
    const { message, why } = answer.policy;
    print(terminal, values.json, answer, [message, ...(why === null ? [] : [why])]);
    return 0;
  };
}

function foresee(connection: Connection, { purchaseId, ...query }: Asked) {
  const path = `/api/v1/purchases/${encodeURIComponent(purchaseId)}/refund-policy`;
  return askDesk(connection, { path, query }, policyShape);
}

/** `refunds request <pur_…>`. @throws UsageError */
export function requestRefund(words: readonly string[]): RemoteCommand {
  const options = {
    ...ofMoney,
    note: option,
    "request-id": option,
    "in-addition-to": { type: "string", multiple: true },
    yes: { type: "boolean" },
  } as const;
  const { values, given } = readWords(words, options, ["the purchase, pur_…"], next);
  const wanted = readAsked(given[0], {
    amount: values.amount,
    currency: values.currency,
    reason: values.reason,
  });
  const requestId = values["request-id"] ?? `cli-${randomUUID()}`;
  return async (remote) => {
    const { terminal, environment } = remote;
    const connection = await readConnection(values.url, environment);
    if (!values.yes && !(await isWanted(remote, connection, wanted))) {
      terminal.err.write("Nothing was asked for.\n");
      return 1;
    }
    terminal.err.write(`Request id: ${requestId}\n`);
    const body = { ...wanted, note: values.note, inAdditionTo: values["in-addition-to"] };
    const asked = { path: "/api/v1/refunds", body, requestId };
    const answer = await askOnce(connection, asked, oneRefundShape);
    const { refund, repeated } = answer;
    const lines = [lineOf(refund), refund.message];
    if (repeated) lines.push("It had been asked for before: nothing new was made.");
    if (refund.statusUrl !== undefined) lines.push(`What becomes of it: redress refunds show ${refund.id}`);
    print(terminal, values.json, { ...answer, requestId }, lines);
    return exitCodeOf(refund);
  };
}

/** Asks whoever sits at the terminal, with what policy will say; where nobody does, the command is enough. */
async function isWanted({ terminal }: Remote, connection: Connection, asked: Asked): Promise<boolean> {
  if (terminal.ask === undefined) return true;
  const { policy } = await foresee(connection, asked);
  terminal.err.write(`${policy.message}\n`);
  return /^y(es)?$/i.test((await terminal.ask("Ask for it? [y/N] ")).trim());
}
