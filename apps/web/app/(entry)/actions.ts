"use server";

import { RedressError } from "@redress/core/errors";
import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "../../src/access/action.ts";
import { newOperator } from "../../src/auth/create-operator.ts";
import { createFirstAdmin } from "../../src/auth/setup.ts";
import { signIn } from "../../src/auth/sign-in.ts";

/** A path of this desk, never another site: what follows a sign-in must not lead away. */
const ownPath = z
  .string()
  .regex(/^\/(?![/\\])[^\s\\]*$/)
  .catch("/");

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
    throw new RedressError(
      "sign_in_required",
      outcome === "limited"
        ? "Too many attempts from your address. Wait a minute, then try again."
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
