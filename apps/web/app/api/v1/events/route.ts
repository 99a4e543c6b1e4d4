import { listEvents } from "@redress/core/webhooks/list-events";
import { z } from "zod";
import { route } from "../../../../src/access/route.ts";
import { listQuery } from "../../../../src/rest/input.ts";

const status = z.enum(["received", "handled", "ignored", "failed"]).exactOptional();

/** What came in from Stripe, newest first. */
export const GET = route(
  { permission: "audit.read", owner: "desk", query: listQuery.extend({ status }) },
  async ({ dependencies, query }) => listEvents(dependencies, query),
);
