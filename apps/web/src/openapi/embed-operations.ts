import { z } from "zod";
import type { Operations } from "./operation.ts";
import { moment, when } from "./shapes.ts";

const key = z
  .object({
    id: z.string(),
    name: z.string(),
    origins: z.array(z.string()).describe("The only sites that may frame the panel."),
    apps: z.union([z.array(z.string()), z.literal("all")]),
    createdBy: z.object({ id: z.string(), name: z.string() }),
    createdAt: moment,
    previousUntil: when.describe("Until when the secret before the present one is believed."),
    revokedAt: when,
  })
  .meta({ id: "EmbedKey" });

const withSecret = z.object({ key, secret: z.string().describe("Answered once.") });

/** What helpdesks sign with, to show the panel beside a ticket. */
export const embedOperations: Operations = {
  "GET /api/v1/embed-keys": {
    tag: "access",
    summary: "The keys of helpdesks",
    answer: z.object({ keys: z.array(key) }),
  },
  "POST /api/v1/embed-keys": {
    tag: "access",
    summary: "Make a key for a helpdesk",
    description:
      "Whoever has its secret can look and ask in the name of every operator. It decides in nobody's name.",
    answer: withSecret,
    errors: ["app_not_found"],
  },
  "POST /api/v1/embed-keys/{id}/rotate": {
    tag: "access",
    summary: "Give a helpdesk's key a new secret",
    description: "The one before it is believed for a day, unless `endPrevious`.",
    answer: withSecret,
    errors: ["embed_key_not_found", "embed_key_revoked"],
  },
  "POST /api/v1/embed-keys/{id}/revoke": {
    tag: "access",
    summary: "Revoke a helpdesk's key",
    answer: z.object({ key }),
    errors: ["embed_key_not_found"],
  },
};
