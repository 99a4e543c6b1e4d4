"use server";

import { createEmbedKey } from "@redress/core/embed/create-embed-key";
import { newEmbedKeySchema } from "@redress/core/embed/embed-key-input";
import { revokeEmbedKey, rotateEmbedKey } from "@redress/core/embed/rotate-embed-key";
import { parseInput } from "@redress/core/parse-input";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";

const manage = { permission: "keys.manage", owner: "desk" } as const;
const embedKeyId = z.string().max(100);

const keyForm = z.object({
  name: z.string(),
  /** One a line. */
  origins: z.string().max(4000),
  /** Slugs, separated by spaces or commas; empty for every app. */
  apps: z.string().max(4000).default(""),
});

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

/** What a helpdesk signs with. Its secret is in this answer, and in no other. */
export const makeEmbedKey = action(
  { ...manage, input: keyForm },
  async ({ dependencies, operator, input, correlationId }) => {
    const apps = words(input.apps);
    const key = parseInput(newEmbedKeySchema, {
      name: input.name,
      origins: words(input.origins),
      ...(apps.length === 0 ? {} : { apps }),
    });
    const made = await createEmbedKey(dependencies, { ...key, operatorId: operator.id, correlationId });
    return { name: made.key.name, keyId: made.key.id, secret: made.secret };
  },
);

/** A new secret for a helpdesk's key; the old one is believed for a day, unless it has leaked. */
export const giveEmbedSecret = action(
  { ...manage, input: z.object({ embedKeyId, endPrevious: z.literal("yes").optional() }) },
  async ({ dependencies, operator, input, correlationId }) => {
    const { secret } = await rotateEmbedKey(dependencies, {
      keyId: input.embedKeyId,
      endPrevious: input.endPrevious === "yes",
      operatorId: operator.id,
      correlationId,
    });
    return { secret };
  },
);

/** Ends a helpdesk's key at once. */
export const endEmbedKey = action(
  { ...manage, input: z.object({ embedKeyId }) },
  async ({ dependencies, operator, input, correlationId }) => {
    await revokeEmbedKey(dependencies, {
      keyId: input.embedKeyId,
      operatorId: operator.id,
      correlationId,
    });
    return { revoked: true };
  },
);
