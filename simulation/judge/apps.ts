import type { AppInWorld } from "../world.ts";
import { type Evidence, isDead } from "./evidence.ts";

/** Invariant 4: each app knows what became of its refunds. */
export function judgeWhatAppsKnow(evidence: Evidence): void {
  for (const app of evidence.world.appsInWorld) {
    judgeMessages(evidence, app);
    if (evidence.reachable.has(app.accountId)) judgeAccess(evidence, app);
  }
}

function judgeMessages({ ledger, lives, told }: Evidence, app: AppInWorld): void {
  const { receiver, slug, accountId } = app;
  for (const refused of receiver.refused) told(4, `${slug} had to refuse ${refused}`);
  const ids = new Map<string, string>();
  const bodies = new Map<string, string>();
  for (const { id, body, notification } of receiver.received) {
    const { refund, purchase, sequence } = notification.data;
    const facts = [
      `${notification.type} of ${refund.stripe_refund_id}`,
      `message ${sequence} of ${purchase.stripe_charge_id}`,
    ];
    for (const fact of facts) {
      const earlier = ids.get(fact) ?? id;
      if (earlier !== id) told(4, `${slug} was told of ${fact} under two ids: ${earlier}, ${id}`);
      ids.set(fact, earlier);
    }
    if ((bodies.get(id) ?? body) !== body) told(4, `${slug} was sent two messages under the one id ${id}`);
    bodies.set(id, body);
    const truth = ledger.accounts[accountId]?.refunds.find((one) => one.id === refund.stripe_refund_id);
    if (truth === undefined) {
      told(4, `${slug} was told of ${refund.stripe_refund_id}, which Stripe does not have`);
    } else if (refund.amount !== truth.amount || refund.currency !== truth.currency) {
      told(4, `${slug} was told that ${truth.id} is of ${refund.amount}; it is of ${truth.amount}`);
    } else if (notification.type === "refund.succeeded" && !lives.get(truth.id)?.includes("succeeded")) {
      told(4, `${slug} was told that ${truth.id} succeeded; it is ${truth.status}, and never did`);
    } else if (notification.type === "refund.failed" && !isDead(truth)) {
      told(4, `${slug} was told that ${truth.id} failed; it is ${truth.status}`);
    }
  }
}

function judgeAccess({ world, ledger, rows, purchases, told }: Evidence, app: AppInWorld): void {
  const { receiver, slug, accountId, revokesOnPartial } = app;
  const books = ledger.accounts[accountId];
  for (const charge of books?.charges ?? []) {
    const known = purchases.get(charge.id);
    if (known === undefined) continue;
    const made = (books?.refunds ?? []).filter((refund) => refund.charge === charge.id);
    // What was over before the desk knew the purchase is history that nobody is told.
    if (made.some(({ created }) => created * 1000 < known.created_at.getTime())) continue;
    const heard = receiver.received.filter(
      ({ notification }) => notification.data.purchase.stripe_charge_id === charge.id,
    );
    for (const refund of made) {
      const about = heard.filter(
        ({ notification }) => notification.data.refund.stripe_refund_id === refund.id,
      );
      const row = rows.find(({ stripe_refund_id }) => stripe_refund_id === refund.id);
      const wasToldSuccess = about.some(({ notification }) => notification.type === "refund.succeeded");
      const wasToldFailure = about.some(({ notification }) => notification.type === "refund.failed");
      const isOvertaken = heard.some(
        ({ notification }) => notification.data.sequence > (world.sequenceOf.get(row?.id ?? "") ?? Infinity),
      );
      if (refund.status === "succeeded" && !wasToldSuccess && !isOvertaken) {
        told(4, `${slug} was never told that ${refund.id} succeeded`);
      }
      if (isDead(refund) && wasToldSuccess && !wasToldFailure && !isOvertaken) {
        told(4, `${slug} was told that ${refund.id} succeeded, and not that it failed later`);
      }
    }
    const sum = made.reduce((total, { status, amount }) => total + (status === "succeeded" ? amount : 0), 0);
    const isRevoked = receiver.revoked.has(charge.id);
    if ((sum >= charge.amount_captured || (sum > 0 && revokesOnPartial)) && !isRevoked) {
      told(4, `${slug}: ${sum} of ${charge.amount_captured} of ${charge.id} is refunded, and access is open`);
    }
    if (sum === 0 && isRevoked)
      told(4, `${slug}: nothing of ${charge.id} is refunded, and access is revoked`);
  }
}
