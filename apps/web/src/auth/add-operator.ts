import type { Actor } from "@redress/core/actor";
import { getApp } from "@redress/core/apps/get-app";
import type { Dependencies } from "@redress/core/dependencies";
import { grantRole } from "@redress/core/operators/grants";
import { operatorRoleNames } from "@redress/database";
import { z } from "zod";
import { createOperator, newOperator } from "./create-operator.ts";

export const newOperatorWithRole = newOperator.extend({
  role: z.enum(operatorRoleNames),
  /** Without it the role is for every app. */
  appSlug: z
    .string()
    .transform((slug) => (slug === "" ? undefined : slug))
    .optional(),
});

/**
 * Makes a colleague's account and gives it its first role.
 *
 * @throws RedressError invalid_input, app_not_found
 */
export async function addOperator(
  dependencies: Dependencies,
  input: z.output<typeof newOperatorWithRole> & { actor: Actor; correlationId: string },
): Promise<{ operatorId: string }> {
  const { actor, role, appSlug, correlationId, ...operator } = input;
  const app = appSlug === undefined ? null : await getApp(dependencies, { slug: appSlug });
  const { operatorId } = await createOperator(dependencies, { actor, operator, correlationId });
  await grantRole(dependencies, { actor, operatorId, appId: app?.id ?? null, role, correlationId });
  return { operatorId };
}
