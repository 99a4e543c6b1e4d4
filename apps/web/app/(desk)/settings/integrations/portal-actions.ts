"use server";

import { createPortalLink } from "@redress/core/portal/create-link";
import { newLinkSchema } from "@redress/core/portal/link-input";
import { revokePortalLink } from "@redress/core/portal/revoke-link";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";

const { name, expiresIn } = newLinkSchema.shape;
const slug = z.string();

/** A link for the app's developer. Its address is in this answer, and in no other. */
export const makeLink = action(
  {
    permission: "apps.manage",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, name, expiresIn }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const made = await createPortalLink(dependencies, { ...input, operatorId: operator.id, correlationId });
    return { name: made.link.name, url: made.url };
  },
);

/** Ends a link of the app's at once. */
export const endLink = action(
  {
    permission: "apps.manage",
    owner: { app: (input) => input.slug },
    input: z.object({ slug, linkId: z.string().max(100) }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    await revokePortalLink(dependencies, { ...input, operatorId: operator.id, correlationId });
    return { revoked: true };
  },
);
