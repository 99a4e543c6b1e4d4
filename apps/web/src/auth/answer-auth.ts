import type { AuditAction } from "@redress/core/audit/actions";
import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { newId } from "@redress/core/ids";
import { operatorSessions } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { bindOrigin } from "../access/bind-origin.ts";
import type { WebRuntime } from "../runtime.ts";
import { getAuth } from "./auth.ts";
import { type Limit, takeAttempt } from "./take-attempt.ts";
import { takeCode } from "./take-code.ts";

const signInBody = z.object({ email: z.string().max(254).toLowerCase() });
const answerBody = z.object({ user: z.object({ id: z.string() }).optional(), token: z.string().nullish() });
const codeBody = z.object({ code: z.string() });

/** What a good answer of each endpoint means for the log. Signing in with a password may yet need a code. */
const actionsOf: Readonly<Record<string, AuditAction>> = {
  "/sign-in/email": "sign_in",
  "/two-factor/verify-totp": "sign_in",
  "/two-factor/verify-backup-code": "sign_in",
  "/sign-out": "sign_out",
  "/change-password": "operator_password_set",
  "/two-factor/disable": "second_factor_off",
};

/**
 * Lets better-auth answer, limits sign-ins by address and account together, and writes into the audit log what came
 * of it. Every call of better-auth's endpoints goes through here.
 *
 * @param path below `/api/auth`
 */
export async function answerAuth(runtime: WebRuntime, path: string, request: Request): Promise<Response> {
  const { dependencies } = runtime;
  const body = await request.clone().text();
  const limit = path === "/sign-in/email" ? await limitOf(dependencies, request, body) : null;
  if (limit !== null && !limit.allowed) {
    if (limit.first)
      await note(dependencies, request.headers, {
        action: "sign_in_refused",
        why: "limited",
        account: limit.account,
      });
    const headers = { "X-Retry-After": "60", "Retry-After": "60" };
    return Response.json({ message: "Too many attempts. Wait a minute." }, { status: 429, headers });
  }
  const before = await getAuth(runtime).api.getSession({ headers: request.headers });
  const answered = await getAuth(runtime).handler(request);
  const answer = answerBody.safeParse(parseJson(await answered.clone().text())).data;
  const user = answer?.user?.id ?? before?.user.id;
  const isSpent =
    path === "/two-factor/verify-totp" &&
    answered.status === 200 &&
    !(await isFirstUse(dependencies, body, user));
  // The session of a spent code was made, and told to nobody.
  if (isSpent && !before) await endSession(dependencies, answer?.token);
  const response = isSpent
    ? Response.json({ message: "This code was used. Wait for the next one." }, { status: 401 })
    : answered;
  await noteAnswer(dependencies, request.headers, {
    path,
    status: response.status,
    user,
    account: limit?.account,
    before: !!before,
  });
  return response;
}

async function limitOf(dependencies: Dependencies, request: Request, body: string): Promise<Limit | null> {
  const parsed = signInBody.safeParse(parseJson(body));
  return parsed.success ? takeAttempt(dependencies, request.headers, parsed.data.email) : null;
}

async function isFirstUse(
  dependencies: Dependencies,
  body: string,
  userId: string | undefined,
): Promise<boolean> {
  const { code } = codeBody.parse(parseJson(body));
  return userId !== undefined && takeCode(dependencies, { userId, code });
}

async function endSession({ database }: Dependencies, token: string | null | undefined): Promise<void> {
  if (token) await database.delete(operatorSessions).where(eq(operatorSessions.token, token));
}

async function noteAnswer(
  dependencies: Dependencies,
  headers: Headers,
  answer: {
    path: string;
    status: number;
    user?: string | undefined;
    account?: string | undefined;
    before: boolean;
  },
): Promise<void> {
  const { path, status, user, account } = answer;
  const action = actionsOf[path];
  if (action === undefined) return;
  if (status === 200) {
    if (user === undefined) return;
    // With a session a code is only checked: that switches the factor on, or precedes switching it off.
    if (action === "sign_in" && answer.before && path !== "/sign-in/email") return;
    return note(dependencies, headers, { action, user });
  }
  if (action !== "sign_in" || (status !== 401 && status !== 429)) return;
  const why = status === 429 ? "limited" : path === "/sign-in/email" ? "wrong_password" : "wrong_code";
  // What better-auth limits by address is bounded no more: it stays out of the log.
  if (why !== "limited") await note(dependencies, headers, { action: "sign_in_refused", why, account });
}

async function note(
  unbound: Dependencies,
  headers: Headers,
  entry: {
    action: AuditAction;
    user?: string | undefined;
    why?: string | undefined;
    account?: string | undefined;
  },
): Promise<void> {
  const { action, user, why, account } = entry;
  const dependencies = await bindOrigin(unbound, headers);
  await dependencies.database.transaction((transaction) =>
    recordAudit(dependencies, transaction, {
      actor: user === undefined ? { kind: "system", id: "sign-in" } : { kind: "operator", id: user },
      action,
      correlationId: newId(dependencies.random, "correlation"),
      details: {
        ...(user === undefined ? {} : { operatorId: user }),
        ...(why === undefined ? {} : { why }),
        ...(account === undefined || user !== undefined ? {} : { account }),
      },
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
