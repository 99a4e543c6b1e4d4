import { savedViews, type Transaction, type ViewPage, viewPages } from "@redress/database";
import { and, asc, eq, or } from "drizzle-orm";
import { z } from "zod";
import type { OperatorGrants } from "../actor.ts";
import type { AuditAction } from "../audit/actions.ts";
import { recordAudit } from "../audit/record.ts";
import type { Dependencies } from "../dependencies.ts";
import { RedressError } from "../errors.ts";
import { newId } from "../ids.ts";
import { permittedApps, requirePermission } from "../operators/permissions.ts";
import { violatedConstraint } from "../refunds/violated-constraint.ts";

type ViewRow = typeof savedViews.$inferSelect;

export interface SavedView extends Pick<ViewRow, "id" | "name" | "search" | "isShared"> {
  /** Whether the reader may rename and delete it. */
  readonly isMine: boolean;
}

/** What may stand over each page. */
const mostOfOne = 30;
const permissionOf = { purchases: "purchases.read", refunds: "refunds.read" } as const;

export const viewName = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(60)
  .regex(/^\P{Cc}*$/u, "must be one line");
export const newView = z.object({
  page: z.enum(viewPages),
  name: viewName,
  search: z.string().max(1_000),
  isShared: z.boolean(),
});

interface Person {
  readonly grants: OperatorGrants;
  readonly correlationId: string;
}

/** A person's own views of a page and the shared ones, in the order in which they were made. */
export async function listViews(
  { database }: Pick<Dependencies, "database">,
  { page, grants }: { page: ViewPage; grants: OperatorGrants },
): Promise<SavedView[]> {
  const isSeen = or(eq(savedViews.ownerId, grants.id), eq(savedViews.isShared, true));
  const rows = await database
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.page, page), isSeen))
    .orderBy(asc(savedViews.createdAt), asc(savedViews.id));
  return rows.map(({ id, name, search, isShared, ownerId }) => ({
    ...{ id, name, search, isShared },
    isMine: ownerId === grants.id || isAdmin(grants),
  }));
}

/**
 * Keeps the filters of a page under a name that the person has not used there yet.
 *
 * @returns its id
 * @throws RedressError `permission_denied`, `saved_view_refused` for a name that is taken, or too many
 */
export async function saveView(
  dependencies: Pick<Dependencies, "database" | "clock" | "random" | "origin">,
  { grants, correlationId, ...view }: z.output<typeof newView> & Person,
): Promise<string> {
  requirePermission(grants, permissionOf[view.page], "any");
  const id = newId(dependencies.random, "savedView");
  await dependencies.database.transaction(async (transaction) => {
    const mine = and(eq(savedViews.page, view.page), eq(savedViews.ownerId, grants.id));
    if ((await transaction.$count(savedViews, mine)) >= mostOfOne) {
      throw new RedressError(
        "saved_view_refused",
        `You have ${mostOfOne} views of this page. Delete one before you save another.`,
      );
    }
    const createdAt = dependencies.clock.now();
    await refusingTakenName(() =>
      transaction.insert(savedViews).values({ ...view, id, ownerId: grants.id, createdAt }),
    );
    const change = { grants, correlationId, action: "view_shared" } as const;
    if (view.isShared) await noteChange(dependencies, transaction, { id, ...view }, change);
  });
  return id;
}

/** @throws RedressError `saved_view_not_found`, `saved_view_refused` for a name that is taken */
export async function renameView(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  input: { viewId: string; name: string } & Person,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const view = await lockView(transaction, input);
    if (view.name === input.name) return;
    await refusingTakenName(() =>
      transaction.update(savedViews).set({ name: input.name }).where(eq(savedViews.id, view.id)),
    );
    const change = { ...input, action: "shared_view_renamed" } as const;
    if (view.isShared) await noteChange(dependencies, transaction, view, change);
  });
}

/** @throws RedressError `saved_view_not_found` */
export async function deleteView(
  dependencies: Pick<Dependencies, "database" | "clock" | "origin">,
  input: { viewId: string } & Person,
): Promise<void> {
  await dependencies.database.transaction(async (transaction) => {
    const view = await lockView(transaction, input);
    await transaction.delete(savedViews).where(eq(savedViews.id, view.id));
    const change = { ...input, action: "shared_view_deleted" } as const;
    if (view.isShared) await noteChange(dependencies, transaction, view, change);
  });
}

/** Administrators of the whole desk tidy up what others have shared, and see no more of what they have not. */
const isAdmin = (grants: OperatorGrants) => permittedApps(grants, "operators.manage") === "all";

async function lockView(
  transaction: Transaction,
  { viewId, grants }: { viewId: string; grants: OperatorGrants },
): Promise<ViewRow> {
  const [view] = await transaction.select().from(savedViews).where(eq(savedViews.id, viewId)).for("update");
  if (view && (view.ownerId === grants.id || (view.isShared && isAdmin(grants)))) return view;
  throw new RedressError(
    "saved_view_not_found",
    "There is no view with this id that you may change. It may have been deleted; open the page anew.",
  );
}

async function refusingTakenName(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (violatedConstraint(error) !== "saved_views_name") throw error;
    throw new RedressError("saved_view_refused", "You have a view of this name here. Choose another name.", {
      cause: error,
    });
  }
}

/** Neither name nor filters: both may hold a customer's. */
async function noteChange(
  dependencies: Pick<Dependencies, "clock" | "origin">,
  transaction: Transaction,
  { id, page }: Pick<ViewRow, "id" | "page">,
  { grants, correlationId, action }: Person & { action: AuditAction },
): Promise<void> {
  await recordAudit(dependencies, transaction, {
    actor: { kind: "operator", id: grants.id },
    action,
    correlationId,
    details: { viewId: id, page },
  });
}
