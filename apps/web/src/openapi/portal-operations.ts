import { z } from "zod";
import type { Operations } from "./operation.ts";
import { moment, when } from "./shapes.ts";

const link = z
  .object({
    id: z.string(),
    name: z.string().describe("Whom it is for."),
    status: z.enum(["unopened", "opened", "expired", "revoked"]),
    createdBy: z.object({ id: z.string(), name: z.string() }).describe("Who answers for it."),
    createdAt: moment,
    expiresAt: moment,
    openedAt: when,
    lastUsedAt: when,
    revokedAt: when,
  })
  .meta({ id: "PortalLink" });

/** Links by which apps' developers see and mend notifications without an account. */
export const portalOperations: Operations = {
  "GET /api/v1/apps/{slug}/portal-links": {
    tag: "deliveries",
    summary: "The links for an app's developers",
    description: "Ended ones too, newest first, at most 100.",
    answer: z.object({ links: z.array(link) }),
  },
  "POST /api/v1/apps/{slug}/portal-links": {
    tag: "deliveries",
    summary: "Make a link for an app's developer",
    description:
      "It opens once, in one browser, and shows this app's notifications until it expires. It ends when its maker may not manage the app any more.",
    answer: z.object({ link, url: z.string().describe("Answered once.") }),
  },
  "POST /api/v1/apps/{slug}/portal-links/{id}/revoke": {
    tag: "deliveries",
    summary: "End a link for an app's developer",
    answer: z.object({ link }),
    errors: ["portal_link_not_found"],
  },
};
