import { route } from "../../../../src/access/route.ts";
import { addOperator, newOperatorWithRole } from "../../../../src/auth/add-operator.ts";
import { listOperators } from "../../../../src/reads/list-operators.ts";

export const GET = route({ permission: "operators.manage", owner: "desk" }, async ({ dependencies }) => ({
  operators: await listOperators(dependencies),
}));

/** Makes a colleague's account with a role in one app, or in all of them without `appSlug`. */
export const POST = route(
  { permission: "operators.manage", owner: "desk", body: newOperatorWithRole, status: 201 },
  async ({ dependencies, operator, body, correlationId }) =>
    addOperator(dependencies, { ...body, actor: { kind: "operator", id: operator.id }, correlationId }),
);
