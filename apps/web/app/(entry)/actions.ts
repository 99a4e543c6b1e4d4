"use server";

import { RedressError } from "@redress/core/errors";
import { requireMail } from "@redress/core/operators/invite";
import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "../../src/access/action.ts";
import { ownPath } from "../../src/access/own-path.ts";
import { acceptance, acceptInvitation } from "../../src/auth/accept-invitation.ts";
import { newOperator } from "../../src/auth/create-operator.ts";
import { createFirstAdmin } from "../../src/auth/setup.ts";
import { callAuth, signIn, signInWithCode } from "../../src/auth/sign-in.ts";
import { withSearch } from "../../src/http/search.ts";

/** Signs in with e-mail and password, and goes on to where the operator was headed. */
export const enter = publicAction(
  "this is how one signs in; better-auth limits the attempts",
  z.object({
    email: z.string().trim().min(1, "Give your e-mail address."),
    password: z.string().min(1, "Give your password."),
    next: ownPath,
  }),
  async ({ input }) => {
    const outcome = await signIn({ email: input.email.toLowerCase(), password: input.password });
    if (outcome === "signed_in") redirect(input.next);
    if (outcome === "code") redirect(withSearch("/sign-in/code", { next: input.next }));
    throw new RedressError(
      "sign_in_required",
      outcome === "limited"
        ? "Too many attempts. Wait a minute, then try again."
        : "The e-mail address or the password is wrong. Try again, or ask an administrator of this desk for a new password.",
    );
  },
);

/** Makes the first administrator of a new desk and signs them in. */
export const setUp = publicAction(
  "open only while nobody has a role; createFirstAdmin holds a lock",
  newOperator,
  async ({ dependencies, input, correlationId }) => {
    await createFirstAdmin(dependencies, { operator: input, correlationId });
    await signIn(input);
    redirect("/settings/integrations");
  },
);

/** The second step of signing in. */
export const enterCode = publicAction(
  "the second step of signing in; wrong codes are limited for each attempt, account and address",
  z.object({ code: z.string().trim().min(6, "Give the code.").max(20), next: ownPath }),
  async ({ input }) => {
    const outcome = await signInWithCode(input.code);
    if (outcome === "signed_in") redirect(input.next);
    throw new RedressError(
      "sign_in_required",
      outcome === "limited"
        ? "Too many wrong codes. Wait a quarter of an hour, then sign in again."
        : "This code is wrong, or the sign-in is older than ten minutes. Try the newest code, or sign in again.",
    );
  },
);

/** Makes the account of somebody who was invited, and signs them in. */
export const accept = publicAction(
  "open only with an invitation's link, which works once",
  acceptance,
  async ({ dependencies, input, correlationId }) => {
    const { email } = await acceptInvitation(dependencies, { ...input, correlationId });
    await signIn({ email, password: input.password });
    redirect("/");
  },
);

/** Mails a link that resets the password. Whether the address is known, the answer does not say. */
export const forgot = publicAction(
  "answers the same for every address; better-auth limits the attempts",
  newOperator.pick({ email: true }),
  async ({ dependencies, input }) => {
    requireMail(dependencies);
    const { status } = await callAuth("/request-password-reset", { email: input.email });
    if (status === 429)
      throw new RedressError("rate_limited", "Too many attempts. Wait a minute, then try again.");
    return { asked: true };
  },
);

/** Sets the password that somebody forgot; all their sessions end. */
export const resetPassword = publicAction(
  "open only with the link that was mailed, which works once within an hour",
  newOperator.pick({ password: true }).extend({ token: z.string().min(1).max(200) }),
  async ({ input }) => {
    const { token, password } = input;
    const { status } = await callAuth("/reset-password", { token, newPassword: password });
    if (status !== 200) {
      throw new RedressError(
        "invalid_input",
        "This link was used, or is older than an hour. Ask for another under Forgot your password?",
      );
    }
    return { set: true };
  },
);
