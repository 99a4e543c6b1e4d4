import { expect } from "vitest";
import { z } from "zod";
import type { startDesk } from "./desk.ts";
import { onSandbox } from "./on-sandbox.ts";

type Desk = Awaited<ReturnType<typeof startDesk>>;

interface Running {
  readonly sandbox: Parameters<typeof startDesk>[0];
  readonly desk: Desk;
  readonly admin: Awaited<ReturnType<Desk["operator"]>>;
}

const keyAnswer = z.object({ key: z.object({ id: z.string() }), secret: z.string() });

/** Keys, and apps with a rule for them. Give what is started before the tests run. */
export function forAgents(running: () => Running) {
  const { connectedApp } = onSandbox(running);
  return {
    connectedApp,
    makeKey: async (given: Record<string, unknown> = {}) => {
      const body = { name: "Support bot", ratePerMinute: 6000, ...given };
      return (await running().admin.client.post("/api/v1/keys", body)).as(keyAnswer);
    },
    /** An app whose rule lets through USD 20.00, with one purchase of USD 100.00. */
    ruledApp: async (slug: string) => {
      const app = await connectedApp(slug);
      const approvalRules = [{ amount: 2_000, currency: "usd" }];
      const { client } = running().admin;
      expect((await client.send("PATCH", `/api/v1/apps/${slug}`, { approvalRules })).status).toBe(200);
      return app;
    },
  };
}
