import type { Actor } from "../actor.ts";
import { readAppRow } from "../apps/get-app.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { beginImport } from "./begin-import.ts";
import { type ImportView, readImport, readNewestImports } from "./import-view.ts";

/**
 * Imports the history of the app's account once more; while one runs, that one is answered.
 *
 * @throws RedressError `app_not_found`, `app_not_connected`
 */
export async function startImport(
  dependencies: Dependencies,
  input: { slug: string; actor: Actor; correlationId?: string },
): Promise<ImportView & { resumed: boolean }> {
  const { actor, correlationId = newId(dependencies.random, "correlation") } = input;
  const started = await dependencies.database.transaction(async (transaction) => {
    const app = await readAppRow(transaction, input.slug, { lock: true });
    const { id: appId, stripeAccountId: accountId } = app;
    if (accountId === null) throw notConnected();
    const newest = (await readNewestImports(transaction, [appId])).get(appId);
    if (newest?.status === "running") return { id: newest.id, resumed: true };
    const id = await beginImport(dependencies, transaction, { appId, accountId });
    await recordAudit(dependencies, transaction, {
      actor,
      action: "purchase_import_started",
      correlationId,
      appId,
      details: { stripeAccountId: accountId, importId: id },
    });
    return { id, resumed: false };
  });
  dependencies.wakeOutbox();
  return { ...(await readImport(dependencies.database, started.id)), resumed: started.resumed };
}

function notConnected(): RedressError {
  return new RedressError(
    "app_not_connected",
    "This app is not connected to a Stripe account, so there is nothing to import. Connect it first.",
  );
}

/**
 * The newest import of the app; null while there was none.
 *
 * @throws RedressError `app_not_found`
 */
export async function getImport(
  dependencies: Pick<Dependencies, "database">,
  { slug }: { slug: string },
): Promise<ImportView | null> {
  const { id } = await readAppRow(dependencies.database, slug);
  return (await readNewestImports(dependencies.database, [id])).get(id) ?? null;
}
