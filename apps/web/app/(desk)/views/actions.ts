"use server";

import { deleteView, newView, renameView, saveView, viewName } from "@redress/core/views/saved-views";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "../../../src/access/action.ts";
import { withSearch } from "../../../src/http/search.ts";
import { keptOfText } from "../../../src/views/filters.ts";

const { page, name, search } = newView.shape;

/** Keeps the present filters of a list under a name. */
export const keepView = action(
  {
    permission: "refunds.read",
    owner: "apps",
    input: z.object({ page, viewName: name, search, shared: z.literal("on").optional() }),
  },
  async ({ dependencies, operator: { grants }, input, correlationId }) => {
    const kept = keptOfText(input.page, input.search);
    const view = { page: input.page, name: input.viewName, search: kept, isShared: input.shared === "on" };
    const id = await saveView(dependencies, { ...view, grants, correlationId });
    redirect(withSearch(`/${input.page}`, { view: id }));
  },
);

/** Gives a view another name. */
export const nameView = action(
  { permission: "refunds.read", owner: "apps", input: z.object({ viewId: z.string(), newName: viewName }) },
  async ({ dependencies, operator: { grants }, input: { viewId, newName }, correlationId }) => {
    await renameView(dependencies, { viewId, name: newName, grants, correlationId });
    return { renamed: true };
  },
);

/** Deletes a view. The filters stay as they are known to whoever looks at them. */
export const removeView = action(
  { permission: "refunds.read", owner: "apps", input: z.object({ removedId: z.string(), page }) },
  async ({ dependencies, operator: { grants }, input, correlationId }) => {
    await deleteView(dependencies, { viewId: input.removedId, grants, correlationId });
    redirect(`/${input.page}`);
  },
);
