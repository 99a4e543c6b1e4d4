import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isSignedAnswer, signInngest } from "./inngest-signature.ts";

/** What the SDK registers of a function, as far as this server acts on it (SDK 4.24.0, `getConfig`). */
export const functionSchema = z.object({
  id: z.string(),
  triggers: z.array(z.object({ event: z.string(), expression: z.string().optional() })),
  steps: z.object({
    step: z.object({
      runtime: z.object({ type: z.literal("http"), url: z.url() }),
      retries: z.object({ attempts: z.int().min(0).max(20) }).default({ attempts: 3 }),
    }),
  }),
  concurrency: z
    .array(z.object({ scope: z.enum(["env", "fn"]), key: z.string(), limit: z.literal(1) }))
    .max(2)
    .default([]),
});
export type RegisteredFunction = z.infer<typeof functionSchema>;

export const eventSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  ts: z.number(),
  data: z.record(z.string(), z.unknown()),
});
export type TakenEvent = z.infer<typeof eventSchema>;

const errorSchema = z.looseObject({ name: z.string(), message: z.string() });
const operationsSchema = z.array(
  z.discriminatedUnion("op", [
    z.looseObject({ op: z.literal("StepRun"), id: z.string(), data: z.unknown() }),
    z.looseObject({ op: z.literal("StepError"), id: z.string(), error: errorSchema }),
    z.looseObject({ op: z.literal("StepFailed"), id: z.string(), error: errorSchema }),
    z.looseObject({ op: z.literal("Sleep"), id: z.string(), name: z.string() }),
  ]),
);

/** One run of a function, from its event to its end. */
export interface Run {
  readonly id: string;
  readonly served: RegisteredFunction;
  /** Where the function is served now: whoever goes on after a crash may be elsewhere. */
  readonly url: () => string;
  readonly event: TakenEvent;
  readonly signingKey: string;
  /** Before the second try; doubles from there. */
  readonly retryDelayMs: number;
  /** Holds the run's concurrency keys while a call is under way. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

type Outcome = { kind: "done" } | { kind: "failed"; error: unknown };
type Memory = Map<string, { type: "data"; data: unknown } | { type: "error"; error: unknown }>;

/**
 * Calls the function until it is through, with the answers of its finished steps, as Inngest's executor does:
 * 206 tells of steps, 200 is the end, anything else a try that failed, and `x-inngest-no-retry` its last. A step
 * that failed for good is remembered as such, and the function called once more to see it thrown.
 */
export async function drive(run: Run): Promise<Outcome> {
  const memory: Memory = new Map();
  const mostAttempts = run.served.steps.step.retries.attempts + 1;
  let attempt = 0;
  for (;;) {
    const answer = await run.inTurn(() => call(run, memory, { attempt, mostAttempts }));
    if (answer.kind === "done") return answer;
    if (answer.kind === "advanced") {
      attempt = 0;
      await delay(answer.sleepMs);
      continue;
    }
    attempt += 1;
    if (answer.final || attempt >= mostAttempts) return { kind: "failed", error: answer.error };
    await delay(run.retryDelayMs * 2 ** (attempt - 1));
  }
}

type Answer =
  | { kind: "done" }
  | { kind: "advanced"; sleepMs: number }
  | { kind: "tried"; final: boolean; error: unknown };

async function call(
  run: Run,
  memory: Memory,
  { attempt, mostAttempts }: { attempt: number; mostAttempts: number },
): Promise<Answer> {
  const { id, served, event, signingKey } = run;
  const stack = [...memory.keys()];
  const body = JSON.stringify({
    event,
    events: [event],
    steps: Object.fromEntries(memory),
    ctx: {
      run_id: id,
      fn_id: served.id,
      attempt,
      max_attempts: mostAttempts,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack, current: stack.length },
    },
  });
  const headers = {
    "content-type": "application/json",
    "x-inngest-signature": signInngest(body, { key: signingKey }),
    "x-inngest-server-kind": "cloud",
    "x-run-id": id,
  };
  const response = await fetch(run.url(), { method: "POST", body, headers }).catch((error: unknown) => error);
  if (!(response instanceof Response))
    return { kind: "tried", final: false, error: { message: "no answer" } };
  const text = await response.text();
  if (response.status === 200 || response.status === 206) {
    if (!isSignedAnswer(text, response.headers.get("x-inngest-signature"), signingKey)) {
      return { kind: "tried", final: true, error: { message: "the answer is not signed" } };
    }
    return response.status === 200
      ? { kind: "done" }
      : remember(memory, operationsSchema.parse(JSON.parse(text)));
  }
  const final = response.headers.get("x-inngest-no-retry") === "true";
  return { kind: "tried", final, error: readError(text) };
}

function remember(memory: Memory, operations: z.infer<typeof operationsSchema>): Answer {
  let sleepMs = 0;
  for (const operation of operations) {
    const { op, id } = operation;
    if (op === "StepError") return { kind: "tried", final: false, error: operation.error };
    if (op === "StepFailed") memory.set(id, { type: "error", error: operation.error });
    else memory.set(id, { type: "data", data: op === "StepRun" ? (operation.data ?? null) : null });
    if (op === "Sleep") sleepMs = Math.max(sleepMs, millisecondsOf(operation.name));
  }
  return { kind: "advanced", sleepMs };
}

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `1h30m`: how the SDK writes a duration. */
function millisecondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([smhdw])/g)];
  if (parts.length === 0) throw new Error(`not a duration: ${duration}`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

function readError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { name: "Error", message: text.slice(0, 200) };
  }
}
