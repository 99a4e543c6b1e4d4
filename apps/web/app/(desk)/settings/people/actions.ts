"use server";

import { getApp } from "@redress/core/apps/get-app";
import { grantRole } from "@redress/core/operators/grants";
import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "../../../../src/access/action.ts";
import { addOperator, newOperatorWithRole } from "../../../../src/auth/add-operator.ts";

const path = "/settings/people";

export const addPerson = action(
  { permission: "operators.manage", owner: "desk", input: newOperatorWithRole },
  async ({ dependencies, operator, input, correlationId }) => {
    const actor = { kind: "operator", id: operator.id } as const;
    await addOperator(dependencies, { ...input, actor, correlationId });
    revalidatePath(path);
    return { name: input.name };
  },
);

export const giveRole = action(
  {
    permission: "operators.manage",
    owner: "desk",
    input: newOperatorWithRole.pick({ role: true, appSlug: true }).extend({ operatorId: z.string() }),
  },
  async ({ dependencies, operator, input, correlationId }) => {
    const { operatorId, role, appSlug } = input;
    const app = appSlug === undefined ? null : await getApp(dependencies, { slug: appSlug });
    const actor = { kind: "operator", id: operator.id } as const;
    await grantRole(dependencies, { actor, operatorId, appId: app?.id ?? null, role, correlationId });
    revalidatePath(path);
    return { given: true };
  },
);
