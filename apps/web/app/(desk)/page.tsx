import { redirect } from "next/navigation";
import { signedInOperator } from "../../src/access/page.ts";
import { scopeOf } from "../../src/access/scope.ts";
import { countAlerts } from "../../src/reads/count-alerts.ts";
import { countAwaiting } from "../../src/reads/count-awaiting.ts";
import { getRuntime } from "../../src/runtime.ts";

/** Leads those who decide to what needs them; everybody else, and on a quiet day, to the purchases. */
export default async function HomePage() {
  const { grants } = await signedInOperator();
  const { dependencies } = getRuntime();
  const decides = scopeOf(grants, "refunds.decide");
  if ((await countAlerts(dependencies, { grants, appIds: decides })) > 0) redirect("/needs-you");
  redirect((await countAwaiting(dependencies, decides)) > 0 ? "/approvals" : "/purchases");
}
