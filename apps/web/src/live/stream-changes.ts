import type { Dependencies } from "@redress/core/dependencies";
import { formatMoney } from "@redress/core/money";
import { approvals, purchases, type RefundStatus, refunds } from "@redress/database";
import { and, eq, inArray, or } from "drizzle-orm";
import { statusLooks } from "../../components/refunds/status.ts";
import type { SignedIn } from "../access/operator.ts";
import { type Scope, scopeOf } from "../access/scope.ts";
import type { OwnOutcome } from "./own-outcome.ts";
import type { Change, ChangeWatch } from "./watch-changes.ts";

/** Proxies and browsers close what is silent for a minute. */
const beatMs = 20_000;
/** A tab that takes nothing is let go of; it connects again when it wakes. */
const mostWaiting = 100;

/** Statuses that whoever asked or approved wants to hear of while they look at something else. */
const told: ReadonlySet<string> = new Set<RefundStatus>([
  "pending",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
  "refused",
  "blocked",
  "rejected",
]);

/**
 * Server-sent events (HTML standard, section 9.2) for one browser: `change` when something changed that its reader
 * may see, without saying what, and `outcome` when a refund that they asked for or approved came further by somebody
 * else's doing. The session is judged anew before each message; once it has ended the stream does too.
 *
 * @param input.reader who looks now, or null when the session has ended
 * @param input.signal the browser has gone
 */
export function streamChanges(
  dependencies: Pick<Dependencies, "database" | "logger">,
  changes: ChangeWatch,
  { reader, signal }: { reader: () => Promise<SignedIn | null>; signal: AbortSignal },
): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        const beat = setInterval(() => send(":\n\n"), beatMs);
        let queue = Promise.resolve();
        let ended = false;
        const end = () => {
          if (ended) return;
          stop();
          controller.close();
        };
        const unwatch = changes.watch({
          onChanges: (fresh) => {
            if ((controller.desiredSize ?? 0) < -mostWaiting) return end();
            queue = queue
              .then(async () => {
                const operator = await reader();
                if (operator === null) return end();
                for (const message of await messagesFor(dependencies, operator, fresh)) send(message);
              })
              .catch((error: unknown) => {
                dependencies.logger.warn({ err: error }, "A change could not be told to a browser.");
                end();
              });
          },
          onEnd: () => end(),
        });
        stop = () => {
          ended = true;
          clearInterval(beat);
          unwatch();
        };
        signal.addEventListener("abort", end);
        // A browser that lost the stream waits so long before it comes again, and then reads the page anew.
        send("retry: 3000\n\n");
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      // Neither kept nor gathered into larger pieces on the way.
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

async function messagesFor(
  { database }: Pick<Dependencies, "database">,
  operator: SignedIn,
  fresh: readonly Change[],
): Promise<string[]> {
  const scope = scopeOf(operator.grants, "refunds.read");
  const seen = fresh.filter(({ appId }) => isSeen(appId, scope));
  if (seen.length === 0) return [];
  const moved = seen.filter(
    ({ refundId, status, actorId }) =>
      refundId !== null && actorId !== operator.id && status !== null && told.has(status),
  );
  const outcomes = moved.length === 0 ? [] : await ownOutcomes(database, operator.id, moved);
  return [
    "event: change\ndata: {}\n\n",
    ...outcomes.map((outcome) => `event: outcome\ndata: ${JSON.stringify(outcome)}\n\n`),
  ];
}

function isSeen(appId: string | null, scope: Scope): boolean {
  return scope === "all" || (appId !== null && scope.includes(appId));
}

/** Where the refunds are now, of those that the operator asked for or approved. */
async function ownOutcomes(
  database: Dependencies["database"],
  operatorId: string,
  moved: readonly Change[],
): Promise<OwnOutcome[]> {
  const ids = [...new Set(moved.flatMap(({ refundId }) => refundId ?? []))].slice(0, 20);
  const rows = await database
    .selectDistinct({
      id: refunds.id,
      status: refunds.status,
      amount: refunds.amount,
      currency: refunds.currency,
      name: purchases.customerName,
      email: purchases.customerEmail,
    })
    .from(refunds)
    .innerJoin(purchases, eq(purchases.id, refunds.purchaseId))
    .leftJoin(approvals, eq(approvals.refundId, refunds.id))
    .where(
      and(
        inArray(refunds.id, ids),
        or(eq(refunds.requestedById, operatorId), eq(approvals.decidedById, operatorId)),
      ),
    );
  return rows.map(({ id, status, amount, currency, name, email }) => {
    const { label, tone } = statusLooks[status];
    const what = `${formatMoney({ amount, currency })} to ${name ?? email ?? "the customer"}`;
    return { refundId: id, label, tone, what };
  });
}
