import { apps } from "@redress/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { startDesk } from "./desk.ts";

interface Running {
  readonly sandbox: Parameters<typeof startDesk>[0];
  readonly desk: Awaited<ReturnType<typeof startDesk>>;
}

/** Apps whose account really exists in the sandbox. Give what is started before the tests run. */
export function onSandbox(running: () => Running) {
  return {
    connectedApp: (slug: string) => connectedApp(running(), slug),
    refundInDashboard: (account: string, charge: string, amount: number) =>
      refundInDashboard(running(), account, charge, amount),
  };
}

/** An app on an account of the sandbox, with one charge that the desk knows. */
async function connectedApp({ sandbox, desk }: Running, slug: string) {
  const app = await desk.app(slug);
  const { id: account } = await sandbox.admin.createAccount({ connected: true });
  await desk.dependencies.database.update(apps).set({ stripeAccountId: account }).where(eq(apps.id, app.id));
  const charge = await sandbox.admin.createCharge({
    account,
    amount: 10_000,
    currency: "usd",
    silent: true,
  });
  const purchaseId = await desk.purchase(app.id, { stripeChargeId: charge.id });
  return { ...app, account, chargeId: charge.id, purchaseId };
}

/** How the merchant refunds in the own Dashboard. */
async function refundInDashboard(
  { sandbox }: Running,
  account: string,
  charge: string,
  amount: number,
): Promise<string> {
  const { accounts } = await sandbox.admin.listAccounts();
  const response = await fetch(`${sandbox.origin}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${accounts.find(({ id }) => id === account)?.secretKey}` },
    body: new URLSearchParams({ charge, amount: String(amount) }),
  });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}
