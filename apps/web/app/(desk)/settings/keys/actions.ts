"use server";

import { RedressError } from "@redress/core/errors";
import { createKey } from "@redress/core/keys/create-key";
import { keyWebhookSchema, newKeySchema } from "@redress/core/keys/key-input";
import { revokeKey } from "@redress/core/keys/revoke-key";
import { rotateKey } from "@redress/core/keys/rotate-key";
import { setKeyWebhook } from "@redress/core/keys/set-key-webhook";
import { parseInput } from "@redress/core/parse-input";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";

const manage = { permission: "keys.manage", owner: "desk" } as const;
const dayMs = 24 * 60 * 60 * 1000;
const keyId = z.string().max(100);

/** Boxes that are ticked are fields of their own: `can:refunds.request`, `app:total-typescript`. */
const ticked = (form: Record<string, unknown>, prefix: string) =>
  Object.keys(form).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));

const keyForm = z.looseObject({
  name: z.string().trim().min(1, "Say which program it is for."),
  reach: z.enum(["all", "these"]),
  days: z.coerce.number().int().min(1).max(366),
  ratePerMinute: z.coerce.number().int("Write a whole number of calls."),
});

/** A key of one's own. Its secret is in this answer, and in no other. */
export const makeKey = action(
  { ...manage, input: keyForm },
  async ({ dependencies, operator, input, correlationId }) => {
    const permissions = ticked(input, "can:");
    const apps = input.reach === "all" ? undefined : ticked(input, "app:");
    if (permissions.length === 0) throw nothingChosen("Choose at least one thing that the key may do.");
    if (apps?.length === 0) throw nothingChosen("Choose at least one app, or every app.");
    const key = parseInput(newKeySchema, {
      name: input.name,
      permissions,
      ...(apps === undefined ? {} : { apps }),
      expiresAt: new Date(dependencies.clock.now().getTime() + input.days * dayMs).toISOString(),
      ratePerMinute: input.ratePerMinute,
    });
    const made = await createKey(dependencies, { ...key, ownerId: operator.id, correlationId });
    return { name: made.key.name, secret: made.secret };
  },
);

/** A new secret of one's own key; the old one works on for the hours given. */
export const giveNewSecret = action(
  { ...manage, input: z.object({ keyId, overlapHours: z.coerce.number().int().min(0).max(720) }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const now = dependencies.clock.now().getTime();
    const oldWorksUntil = new Date(now + input.overlapHours * 60 * 60 * 1000);
    const { keyId: id } = input;
    const answer = { keyId: id, operatorId: operator.id, oldWorksUntil, correlationId };
    const { secret } = await rotateKey(dependencies, answer);
    return { secret };
  },
);

/** Where the program of one's own key is told of its refunds; with no address it is told no longer. */
export const tellProgram = action(
  { ...manage, input: z.object({ keyId, url: z.string().trim() }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { url } = parseInput(keyWebhookSchema, { url: input.url === "" ? null : input.url });
    const set = { keyId: input.keyId, operatorId: operator.id, url, correlationId };
    const { webhookSecret } = await setKeyWebhook(dependencies, set);
    return { secret: webhookSecret };
  },
);

/** Ends anybody's key at once. */
export const endKey = action(
  { ...manage, input: z.object({ keyId }) },
  async ({ dependencies, operator, input, correlationId }) => {
    await revokeKey(dependencies, { ...input, operatorId: operator.id, correlationId });
    return { revoked: true };
  },
);

const nothingChosen = (sentence: string) => new RedressError("invalid_input", sentence);
