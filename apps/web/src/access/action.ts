import { noteOperatorRefusal } from "@redress/core/audit/note-operator-refusal";
import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { authorize, type Owner, ownerKind, requireReach } from "@redress/core/operators/authorize";
import type { Permission } from "@redress/core/operators/permissions";
import { parseInput } from "@redress/core/parse-input";
import type { PortalVisit } from "@redress/core/portal/visit-portal";
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { redirect, unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { describeError, type ErrorBody } from "../http/error-response.ts";
import { getRuntime } from "../runtime.ts";
import { bindOrigin } from "./bind-origin.ts";
import { guarded } from "./guarded.ts";
import { readOperator, type SignedIn } from "./operator.ts";
import { requireSameOrigin } from "./origin.ts";
import { readVisit } from "./portal.ts";
import { portalEnded } from "./portal-cookie.ts";
import { signInPath } from "./sign-in-path.ts";

/** What a form shows after it was sent: an error beside what was typed, or what came of it. */
export interface FormState<Result> {
  readonly error?: ErrorBody;
  readonly result?: Result;
  /** What was typed, so that a refused form does not lose it. Never a password. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A server action that works as `<form action>` with and without JavaScript. */
export type FormAction<Result = never> = (
  previous: FormState<Result>,
  form: FormData,
) => Promise<FormState<Result>>;

interface ActionContext<Input> {
  readonly dependencies: Dependencies;
  readonly operator: SignedIn;
  readonly input: Input;
  readonly correlationId: string;
}

/** Never sent back to be shown again. */
const secretFields = new Set(["password", "newPassword", "code", "token"]);

function typedValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === "string" && !secretFields.has(name) && !name.startsWith("$")) values[name] = value;
  }
  return values;
}

/** The page of ours that a form was sent from. */
function pageOf(headers: Headers, publicUrl: string): string {
  const sent = headers.get("referer") ?? "";
  return sent.startsWith(`${publicUrl}/`) ? sent.slice(publicUrl.length) : "/";
}

async function respond<Result>(
  form: FormData,
  work: (context: { dependencies: Dependencies; headers: Headers; correlationId: string }) => Promise<Result>,
): Promise<FormState<Result>> {
  const { dependencies } = getRuntime();
  const correlationId = newId(dependencies.random, "correlation");
  try {
    const incoming = await headers();
    requireSameOrigin(incoming, dependencies.settings.publicUrl);
    const bound = await bindOrigin(dependencies, incoming);
    return { result: await work({ dependencies: bound, headers: incoming, correlationId }) };
  } catch (error) {
    unstable_rethrow(error);
    const { body } = describeError(error, { logger: dependencies.logger, correlationId });
    return { error: body, values: typedValues(form) };
  }
}

/**
 * A server action for signed-in operators, guarded like `route`: permission, owner, parsed input, and the
 * change must come from this desk's own pages. Whoever is signed out is sent to sign in, and then back.
 *
 * Done or refused, every page is read anew afterwards, so that none shows the money of before.
 */
export function action<Input, Result>(
  rule: { permission: Permission; owner: Owner<Input>; input: z.ZodType<Input> },
  handle: (context: ActionContext<Input>) => Promise<Result>,
): FormAction<Result> {
  const run: FormAction<Result> = (_previous, form) =>
    respond(form, async ({ headers: incoming, ...context }) => {
      const operator = await readOperator(getRuntime(), incoming);
      if (!operator) redirect(signInPath(pageOf(incoming, context.dependencies.settings.publicUrl), true));
      try {
        requireReach(operator.grants, rule);
        const input = parseInput(rule.input, Object.fromEntries(form));
        await authorize(context.dependencies, operator.grants, rule, input);
        return await handle({ ...context, operator, input });
      } catch (error) {
        const { dependencies, correlationId } = context;
        const attempt = { operatorId: operator.id, permission: rule.permission, error, correlationId };
        await noteOperatorRefusal(dependencies, attempt);
        throw error;
      } finally {
        revalidatePath("/", "layout");
      }
    });
  return guarded(run, {
    kind: "operator",
    permission: rule.permission,
    owner: ownerKind(rule.owner),
    accepted: { body: rule.input, status: 200 },
  });
}

/**
 * A server action by which signed-in people, with or without a role, change their own account. The handler touches
 * nothing but `operator`'s.
 */
export function ownAction<Input, Result>(
  schema: z.ZodType<Input>,
  handle: (context: ActionContext<Input>) => Promise<Result>,
): FormAction<Result> {
  const run: FormAction<Result> = (_previous, form) =>
    respond(form, async ({ headers: incoming, ...context }) => {
      const operator = await readOperator(getRuntime(), incoming);
      if (!operator) redirect(signInPath(pageOf(incoming, context.dependencies.settings.publicUrl), true));
      const input = parseInput(schema, Object.fromEntries(form));
      try {
        return await handle({ ...context, operator, input });
      } finally {
        revalidatePath("/", "layout");
      }
    });
  return guarded(run, { kind: "own-account" });
}

/**
 * A server action of an app's developer, by a link that a person made. The handler touches nothing but `visit`'s app. Whose
 * link has ended is told so on a page of its own.
 */
export function portalAction<Input, Result>(
  schema: z.ZodType<Input>,
  handle: (context: {
    dependencies: Dependencies;
    visit: PortalVisit;
    input: Input;
    correlationId: string;
  }) => Promise<Result>,
): FormAction<Result> {
  const run: FormAction<Result> = (_previous, form) =>
    respond(form, async ({ dependencies, correlationId }) => {
      const visit = await readVisit(dependencies);
      if (visit === null) redirect(portalEnded);
      const input = parseInput(schema, Object.fromEntries(form));
      try {
        return await handle({ dependencies, visit, input, correlationId });
      } finally {
        revalidatePath("/portal", "layout");
      }
    });
  return guarded(run, { kind: "portal" });
}

/**
 * A server action that needs no signed-in operator.
 *
 * @param why the reason that this is safe
 */
export function publicAction<Input, Result>(
  why: string,
  schema: z.ZodType<Input>,
  handle: (context: { dependencies: Dependencies; input: Input; correlationId: string }) => Promise<Result>,
): FormAction<Result> {
  const run: FormAction<Result> = (_previous, form) =>
    respond(form, ({ dependencies, correlationId }) =>
      handle({ dependencies, correlationId, input: parseInput(schema, Object.fromEntries(form)) }),
    );
  return guarded(run, { kind: "public", why });
}
