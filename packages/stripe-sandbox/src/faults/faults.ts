import { z } from "zod";
import { badRequest } from "../errors.ts";
import type { IdGenerator } from "../ids.ts";

export const faultSchema = z.strictObject({
  fault: z.enum([
    "drop_before",
    "drop_after",
    "slow",
    "error_500_stored",
    "error_500_not_stored",
    "error_500_after",
    "error_500_later",
    "rate_limit",
    "lock_timeout",
    "idempotency_key_in_use",
    "invalid_json",
  ]),
  /** GET, POST or DELETE; any when left out. */
  method: z.string().toUpperCase().optional(),
  /** A prefix of the path, or the source of a regular expression that finds something in it. */
  path: z.string().optional(),
  /** The account acted on. */
  account: z.string().optional(),
  /** How many requests it strikes; 0 = until cleared. */
  times: z.int().min(0).default(1),
  /** For `slow`: real milliseconds; for `error_500_later`: milliseconds of the sandbox clock. */
  delayMs: z
    .int()
    .min(0)
    .max(30 * 24 * 3_600_000)
    .default(1000),
});

export type FaultKind = z.output<typeof faultSchema>["fault"];

/** A fault that is set, as `GET /admin/faults` shows it: `times` is what is left. */
export type Fault = z.output<typeof faultSchema> & { id: string };

export interface FaultTarget {
  method: string;
  path: string;
  account: string | null;
}

/** What goes wrong with which requests. */
export class Faults {
  readonly #ids: IdGenerator;
  #faults: Fault[] = [];

  constructor(ids: IdGenerator) {
    this.#ids = ids;
  }

  /** @throws SandboxError 400 when the path is neither a prefix nor a regular expression */
  add(fields: z.output<typeof faultSchema>): Fault {
    if (fields.path !== undefined) compile(fields.path);
    const fault = { id: this.#ids.id("fault_", 12), ...fields };
    this.#faults.push(fault);
    return fault;
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#faults = [];
  }

  /** The oldest fault of one of these kinds that strikes this request, used up by one. */
  take(target: FaultTarget, ...kinds: readonly FaultKind[]): Fault | undefined {
    const struck = this.#faults.find((fault) => kinds.includes(fault.fault) && strikes(fault, target));
    if (struck === undefined || struck.times === 0) return struck;
    const left = struck.times - 1;
    this.#faults = this.#faults.flatMap((fault) =>
      fault.id !== struck.id ? [fault] : left === 0 ? [] : [{ ...fault, times: left }],
    );
    return struck;
  }
}

function compile(path: string): RegExp {
  try {
    return new RegExp(path);
  } catch {
    throw badRequest(`Invalid path: ${path} is not a regular expression.`, { param: "path" });
  }
}

function strikes(fault: Fault, target: FaultTarget): boolean {
  const { method, path, account } = fault;
  return (
    (method === undefined || method === target.method) &&
    (account === undefined || account === target.account) &&
    (path === undefined || target.path.startsWith(path) || compile(path).test(target.path))
  );
}
