import { judgeWhatAppsKnow } from "./judge/apps.ts";
import { judgeAudit } from "./judge/audit.ts";
import { judgeBooks } from "./judge/books.ts";
import { judgeCauses } from "./judge/causes.ts";
import { gather } from "./judge/evidence.ts";
import { judgeLives } from "./judge/lives.ts";
import { judgeOnce, judgeTwice } from "./judge/once.ts";
import { judgePermission } from "./judge/permission.ts";
import { judgeSeparation } from "./judge/separation.ts";
import { judgeStops } from "./judge/stops.ts";
import type { World } from "./world.ts";

/** One promise that was not kept, and what shows it. */
export interface Violation {
  /** Of the list in ARCHITECTURE.md; 0 for a defect that belongs to none. */
  readonly invariant: number;
  readonly sentence: string;
}

/**
 * Judges a run at rest. The witnesses are Stripe's ledger and events, what left the desk, what the apps
 * received and what people remember; the desk's own rows are what is judged.
 */
export async function judge(world: World): Promise<Violation[]> {
  const violations: Violation[] = [];
  const evidence = await gather(world, (invariant, sentence) => violations.push({ invariant, sentence }));
  const sequences = await world.database.query<{ refund_id: string; sequence: number }>(
    "select refund_id, max(sequence) as sequence from notifications group by refund_id",
  );
  for (const { refund_id, sequence } of sequences) world.sequenceOf.set(refund_id, sequence);
  judgeOnce(evidence);
  await judgeTwice(evidence);
  judgeCauses(evidence);
  judgePermission(evidence);
  await judgeStops(evidence);
  judgeBooks(evidence);
  judgeWhatAppsKnow(evidence);
  judgeLives(evidence);
  await judgeAudit(evidence);
  await judgeSeparation(evidence);
  for (const defect of world.memory.defects) evidence.told(0, defect);
  const dead = await world.database.query<{ name: string; last_error: string | null; fact_key: string }>(
    "select name, last_error, fact_key from outbox_messages where dead_at is not null",
  );
  for (const { name, fact_key, last_error } of dead) {
    evidence.told(0, `the message ${name} (${fact_key}) was given up: ${last_error}`);
  }
  return violations;
}
