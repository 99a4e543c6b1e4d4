import { outboxMessages } from "@redress/database";
import { and, isNotNull, lte, min } from "drizzle-orm";
import type { Configuration } from "../configuration.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, failed, warning } = findingsOf("engine");
/** A relay looks every second; what waits longer is waited for in vain. */
const mostLagMs = 60_000;
const patienceMs = 5_000;

/** Whether what was queued is worked at. */
export async function examineEngine(
  { database, clock }: Pick<Dependencies, "database" | "clock">,
  { inngest }: Pick<Configuration, "inngest">,
): Promise<Finding[]> {
  const now = clock.now();
  const [due] = await database
    .select({ at: min(outboxMessages.sendAt) })
    .from(outboxMessages)
    .where(and(isNotNull(outboxMessages.sendAt), lte(outboxMessages.sendAt, now)));
  const dead = await database.$count(outboxMessages, isNotNull(outboxMessages.deadAt));
  const lagMs = due?.at ? now.getTime() - due.at.getTime() : 0;
  const name = inngest === null ? "DBOS on this database" : "Inngest";
  const findings: Finding[] = [];
  if (lagMs > mostLagMs) {
    findings.push(
      failed({
        sentence: `Messages have waited for ${Math.round(lagMs / 60_000)} minutes: nobody works at them.`,
        mend: "Start Redress (npm start). If it runs, its log says why its worker does not.",
      }),
    );
  } else findings.push(ok(`Workflows run on ${name}; nothing waits longer than it should.`));
  if (dead > 0) {
    findings.push(
      warning({
        sentence: `${dead} messages failed for good.`,
        mend: "Look at them with redress events dead and redress deliveries list --status dead, and send them again.",
      }),
    );
  }
  if (inngest !== null) findings.push(...(await examineInngest(inngest)));
  return findings;
}

async function examineInngest({ baseUrl }: NonNullable<Configuration["inngest"]>): Promise<Finding[]> {
  if (baseUrl === null) return [];
  try {
    const response = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(patienceMs) });
    if (response.ok) return [ok(`Inngest answers at ${baseUrl}.`)];
  } catch {
    // Said below.
  }
  return [
    failed({
      sentence: `Inngest does not answer at ${baseUrl}.`,
      mend: "Start it, or correct INNGEST_BASE_URL. Nothing is lost meanwhile: messages stay in the outbox.",
    }),
  ];
}
