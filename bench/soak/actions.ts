import type { Browser } from "../../scripts/demo/browser.ts";
import type { Chance } from "../../simulation/chance.ts";
import { query } from "../database-server.ts";
import type { BenchStripe } from "../stripe.ts";

/** What people, shops and merchants have done, and how long pages took meanwhile. */
export interface Done {
  sold: number;
  /** Refunds that the desk said it has. */
  readonly asked: string[];
  approved: number;
  /** In the merchants' own Dashboards. */
  merchantRefunds: number;
  /** Calls that got no answer, or another than 2xx: somebody would try again. */
  failed: number;
  /** In milliseconds, of pages that came. */
  readonly pages: number[];
}

export interface Actions {
  readonly done: Done;
  /** One of them, by chance. Never rejects. */
  act(): Promise<void>;
}

interface Given {
  readonly stripe: BenchStripe;
  readonly connectionString: string;
  readonly admin: Browser;
  readonly support: Browser;
  readonly chance: Chance;
}

const paths = ["/", "/purchases", "/refunds", "/approvals", "/needs-you", "/deliveries", "/audit"];

export function createActions(given: Given): Actions {
  const { stripe, connectionString, admin, support, chance } = given;
  const done: Done = { sold: 0, asked: [], approved: 0, merchantRefunds: 0, failed: 0, pages: [] };

  async function sell(): Promise<void> {
    const { accountId } = chance.pick(stripe.apps);
    done.sold += 1;
    const name = `soak-${done.sold}`;
    await stripe.sandbox.admin.createCharge({
      ...{ account: accountId, amount: chance.between(500, 20_000), currency: "eur", description: "Course" },
      ...{ customer_email: `${name}@example.com`, customer_name: name },
      metadata: { order_number: `S-${done.sold}` },
    });
  }

  /** Of a purchase that nobody has refunded yet: whole, or by half. */
  async function ask(): Promise<void> {
    const [found] = await query<{ id: string; amount: string }>(
      connectionString,
      `select id, amount_captured as amount from purchases p where not exists (select from refunds r where r.purchase_id = p.id)
        order by md5(id || $1) limit 1`,
      [String(done.asked.length)],
    );
    if (found === undefined) return;
    const part = chance.happens(0.3) ? { amount: Math.floor(Number(found.amount) / 2), currency: "eur" } : {};
    const body = { purchaseId: found.id, ...part };
    const { refund } = await support.call<{ refund: { id: string } }>("POST", "/api/v1/refunds", body);
    done.asked.push(refund.id);
  }

  async function approve(): Promise<void> {
    const { refunds } = await admin.call<{ refunds: { id: string }[] }>(
      "GET",
      "/api/v1/refunds?status=awaiting_approval&limit=5",
    );
    const [wanted] = refunds;
    if (wanted === undefined) return;
    await admin.call("POST", `/api/v1/refunds/${wanted.id}/approve`, {});
    done.approved += 1;
  }

  async function refundAsMerchant(): Promise<void> {
    const merchant = chance.pick(stripe.merchants);
    const charge = chance.pick(merchant.charges);
    await merchant.stripe.refunds.create({ charge: charge.id, amount: chance.between(1, 20) });
    done.merchantRefunds += 1;
  }

  async function look(): Promise<void> {
    const began = performance.now();
    const answer = await admin.fetch(chance.pick(paths));
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`a page answered ${answer.status}`);
    done.pages.push(performance.now() - began);
  }

  const choices = [
    { share: 0.35, run: sell },
    { share: 0.3, run: ask },
    { share: 0.15, run: approve },
    { share: 0.1, run: refundAsMerchant },
    { share: 0.1, run: look },
  ];
  return {
    done,
    async act() {
      let left = chance.fraction();
      const choice = choices.find(({ share }) => {
        left -= share;
        return left < 0;
      });
      await (choice ?? { run: look }).run().catch(() => {
        done.failed += 1;
      });
    },
  };
}
