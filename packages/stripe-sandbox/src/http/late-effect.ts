import { z } from "zod";
import type { JsonObject } from "../context.ts";
import { SandboxError } from "../errors.ts";
import type { System } from "../system.ts";
import type { Expansions } from "./expand.ts";
import { decodeForm } from "./form-decoding.ts";
import { prepareRequest } from "./prepare.ts";
import type { Router } from "./router.ts";

/** The timer of a request that was answered 500 and takes effect afterwards. */
export const LATE_EFFECT_TIMER = "late_effect";

const lateEffect = z.object({
  method: z.string(),
  path: z.string(),
  body: z.string(),
  application: z.string().nullable(),
  request: z.object({ id: z.string(), idempotencyKey: z.string().nullable() }),
});
export type LateEffect = z.infer<typeof lateEffect>;

/**
 * A 500 is indeterminate (Stripe: idempotent requests): what was asked for may still come about. Runs inside
 * the timer's transaction, as if that request made it; what is no longer allowed then does not happen.
 */
export function runLateEffect(
  parts: { system: System; router: Router; expansions: Expansions },
  account: string,
  payload: JsonObject,
): void {
  const { system, router, expansions } = parts;
  const { method, path, body, application, request } = lateEffect.parse(payload);
  const match = router.match(method, path);
  if (match === undefined) return;
  const { call, expand } = prepareRequest(match, decodeForm(body), expansions);
  const ctx = system.contexts.create({ account, application, request });
  try {
    system.store.transaction(() => call.run(ctx, expand));
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
  }
}
