"use server";

import { recordAudit } from "@redress/core/audit/record";
import type { Dependencies } from "@redress/core/dependencies";
import { RedressError } from "@redress/core/errors";
import { endSessions } from "@redress/core/operators/deactivate";
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { renderSVG } from "uqr";
import { z } from "zod";
import { publicAction } from "../../../src/access/action.ts";
import { requireOperator } from "../../../src/access/operator.ts";
import { newOperator } from "../../../src/auth/create-operator.ts";
import { callAuth } from "../../../src/auth/sign-in.ts";
import { getRuntime } from "../../../src/runtime.ts";

const why = "acts on the account of whoever is signed in, and only that; without a session it is refused";
const password = z.string().min(1, "Give your password.").max(128);
const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, "Give the six digits that your authenticator app shows.");
const enrolment = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });

const me = async () => requireOperator(getRuntime(), await headers());
const wrong = (message: string) => new RedressError("invalid_input", message);

export const changePassword = publicAction(
  why,
  z.object({ password, newPassword: newOperator.shape.password }),
  async ({ input }) => {
    await me();
    const { status } = await callAuth("/change-password", {
      currentPassword: input.password,
      newPassword: input.newPassword,
      revokeOtherSessions: true,
    });
    if (status !== 200) throw wrong("The present password is wrong. Try again.");
    return { changed: true };
  },
);

/** Makes a secret that asks for nothing until a code has shown that the app has it. */
export const beginSecondFactor = publicAction(why, z.object({ password }), async ({ input }) => {
  await me();
  const response = await callAuth("/two-factor/enable", { password: input.password, method: "totp" });
  if (response.status !== 200) throw wrong("The password is wrong, or the second factor is on already.");
  const { totpURI, backupCodes } = enrolment.parse(await response.json());
  revalidatePath("/account");
  return { qr: renderSVG(totpURI), secret: new URL(totpURI).searchParams.get("secret") ?? "", backupCodes };
});

export const confirmSecondFactor = publicAction(
  why,
  z.object({ code }),
  async ({ dependencies, input, correlationId }) => {
    const { id } = await me();
    const { status } = await callAuth("/two-factor/verify-totp", { code: input.code });
    if (status !== 200)
      throw wrong("This code is wrong. Wait for the next one, and check the phone's clock.");
    await note(dependencies, { id, correlationId });
    revalidatePath("/", "layout");
    return { on: true };
  },
);

export const disableSecondFactor = publicAction(why, z.object({ password, code }), async ({ input }) => {
  await me();
  const checked = await callAuth("/two-factor/verify-totp", { code: input.code });
  if (checked.status !== 200) throw wrong("This code is wrong. Wait for the next one.");
  const { status } = await callAuth("/two-factor/disable", { password: input.password });
  if (status !== 200) throw wrong("The password is wrong. Try again.");
  revalidatePath("/", "layout");
  return { off: true };
});

export const endOwnSession = publicAction(
  why,
  z.object({ sessionId: z.string().max(100) }),
  async ({ dependencies, input, correlationId }) => {
    const { id } = await me();
    const actor = { kind: "operator", id } as const;
    await endSessions(dependencies, { actor, operatorId: id, sessionId: input.sessionId, correlationId });
    revalidatePath("/account");
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
