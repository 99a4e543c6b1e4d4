"use server";

import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { endSessions } from "@redress/core/operators/deactivate";
import { redirect } from "next/navigation";
import { renderSVG } from "uqr";
import { z } from "zod";
import { ownAction } from "../../../src/access/action.ts";
import { newOperator } from "../../../src/auth/create-operator.ts";
import { callAuth } from "../../../src/auth/sign-in.ts";
import { withSearch } from "../../../src/http/search.ts";

const password = z.string().min(1, "Give your password.").max(128);
const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, "Give the six digits that your authenticator app shows.");
const enrolment = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });

const wrong = (message: string) => new RedressError("invalid_input", message);

/** The session is another one from here on, and the page is read with it: it cannot be drawn in the same answer. */
const afterNewSession = (done: "password" | "factor") => withSearch("/account", { done });

export const changePassword = ownAction(
  z.object({ password, newPassword: newOperator.shape.password }),
  async ({ input }) => {
    const { status } = await callAuth("/change-password", {
      currentPassword: input.password,
      newPassword: input.newPassword,
      revokeOtherSessions: true,
    });
    if (status !== 200) throw wrong("The present password is wrong. Try again.");
    redirect(afterNewSession("password"));
  },
);

/** Makes a secret that asks for nothing until a code has shown that the app has it. */
export const beginSecondFactor = ownAction(z.object({ password }), async ({ input }) => {
  const response = await callAuth("/two-factor/enable", { password: input.password, method: "totp" });
  if (response.status !== 200) throw wrong("The password is wrong, or the second factor is on already.");
  const { totpURI, backupCodes } = enrolment.parse(await response.json());
  return { qr: renderSVG(totpURI), secret: new URL(totpURI).searchParams.get("secret") ?? "", backupCodes };
});

export const confirmSecondFactor = ownAction(
  z.object({ code }),
  async ({ dependencies, operator, input, correlationId }) => {
    const { id } = operator;
    const { status } = await callAuth("/two-factor/verify-totp", { code: input.code });
    if (status !== 200)
      throw wrong("This code is wrong. Wait for the next one, and check the phone's clock.");
    await note(dependencies, { id, correlationId });
    redirect(afterNewSession("factor"));
  },
);

export const disableSecondFactor = ownAction(z.object({ password, code }), async ({ input }) => {
  const checked = await callAuth("/two-factor/verify-totp", { code: input.code });
  if (checked.status !== 200) throw wrong("This code is wrong. Wait for the next one.");
  const { status } = await callAuth("/two-factor/disable", { password: input.password });
  if (status !== 200) throw wrong("The password is wrong. Try again.");
  return { off: true };
});

export const endOwnSession = ownAction(
  z.object({ sessionId: z.string().max(100) }),
  async ({ dependencies, operator, input, correlationId }) => {
    const { id } = operator;
    const actor = { kind: "operator", id } as const;
    await endSessions(dependencies, { actor, operatorId: id, sessionId: input.sessionId, correlationId });
    return { ended: true };
  },
);

async function note(
  dependencies: Dependencies,
  { id, correlationId }: { id: string; correlationId: string },
): Promise<void> {
  await dependencies.database.transaction((transaction) =>
    recordAudit(dependencies, transaction, {
      actor: { kind: "operator", id },
      action: "second_factor_on",
      correlationId,
      details: { operatorId: id },
    }),
  );
}
