import { redirect } from "next/navigation";
import { signedInOperator } from "../../src/access/page.ts";
import { scopeOf } from "../../src/access/scope.ts";
import { countAwaiting } from "../../src/reads/count-awaiting.ts";
import { getRuntime } from "../../src/runtime.ts";

/** Leads to what needs the operator: requests to decide, else the purchases. */
export default async function HomePage() {
  const operator = await signedInOperator();
  const scope = scopeOf(operator.grants, "refunds.decide");
  const awaiting = await countAwaiting(getRuntime().dependencies, scope);
  redirect(awaiting > 0 ? "/approvals" : "/purchases");
}
