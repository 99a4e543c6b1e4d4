"use server";

import { z } from "zod";
import { action } from "../../../src/access/action.ts";
import { startComparison } from "../../../src/rest/start-comparison.ts";

/** Starts a comparison of an app's books with Stripe now. */
export const compare = action(
  {
    permission: "connections.manage",
    owner: { app: ({ app }) => app },
    input: z.object({ app: z.string() }),
  },
  async ({ dependencies, operator: { id }, input }) =>
    startComparison(dependencies, { appSlug: input.app, askedBy: { kind: "operator", id } }),
);
