"use server";

import { getApp } from "@redress/core/apps/get-app";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { dryRunPolicy } from "@redress/core/policy/dry-run";
import { setPolicy } from "@redress/core/policy/set-policy";
import { z } from "zod";
import { describeMoment } from "../../../../components/describe-moment.ts";
import type { PolicyOutcome, Tried } from "../../../../components/policies/policy-outcome.ts";
import { action } from "../../../../src/access/action.ts";

const step = z.enum(["try", "save"]);
const slug = z.string().max(100);
const draft = z.object({
  step,
  policy: z.string().max(60_000, "is too long for this form. Send it to the API instead"),
  seenVersion: z.coerce.number().int().min(0),
});

/** A draft of an app's own policy: tried on its past requests, or put in force. */
export const changeAppPolicy = action(
  { permission: "apps.manage", owner: { app: ({ app }) => app }, input: draft.extend({ app: slug }) },
  async ({ dependencies, operator, input, correlationId }): Promise<PolicyOutcome> => {
    const policy = readJson(input.policy);
    if (input.step === "try") return tryOn(dependencies, input.app, policy);
    const { version } = await setPolicy(dependencies, {
      actor: { kind: "operator", id: operator.id },
      correlationId,
      owner: { slug: input.app },
      policy,
      seenVersion: input.seenVersion,
    });
    return { step: "saved", version };
  },
);

/** A draft of the desk's own policy: tried on the past requests of an app, or put in force. */
export const changeDeskPolicy = action(
  { permission: "apps.manage", owner: "desk", input: draft.extend({ app: slug.optional() }) },
  async ({ dependencies, operator, input, correlationId }): Promise<PolicyOutcome> => {
    const policy = readJson(input.policy);
    if (input.step === "try") {
      if (input.app === undefined) throw new RedressError("app_not_found", "Choose an app to try it on.");
      return tryOn(dependencies, input.app, policy);
    }
    const { version } = await setPolicy(dependencies, {
      actor: { kind: "operator", id: operator.id },
      correlationId,
      owner: "desk",
      policy,
      seenVersion: input.seenVersion,
    });
    return { step: "saved", version };
  },
);

/** The app has no policy of its own any more. */
export const followDesk = action(
  {
    permission: "apps.manage",
    owner: { app: ({ app }) => app },
    input: z.object({ app: slug, seenVersion: z.coerce.number().int().min(0) }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    await setPolicy(dependencies, {
      actor: { kind: "operator", id: operator.id },
      correlationId,
      owner: { slug: input.app },
      policy: null,
      seenVersion: input.seenVersion,
    });
    return { follows: true };
  },
);

/** Null, which would mean something else, is no policy here. */
function readJson(text: string): object {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null) return read;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RedressError("invalid_input", "The policy is not written as JSON. Correct it and send it again.");
}

async function tryOn(dependencies: Dependencies, app: string, policy: object): Promise<Tried> {
  const [{ name }, { requests, counts }] = await Promise.all([
    getApp(dependencies, { slug: app }),
    dryRunPolicy(dependencies, { slug: app, policy }),
  ]);
  const now = dependencies.clock.now();
  const changed = requests.filter(({ verdict, draftVerdict }) => verdict !== draftVerdict.kind);
  return {
    step: "tried",
    app,
    appName: name,
    total: requests.length,
    counts,
    changed: changed
      .toReversed()
      .map(({ refundId, requestedAt, amount, currency, status, verdict, draftVerdict }) => ({
        refundId,
        asked: describeMoment(requestedAt, now),
        amount,
        currency,
        status,
        before: verdict,
        after: draftVerdict.kind,
        explanation: draftVerdict.explanation,
      })),
  };
}
