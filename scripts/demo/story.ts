import type { Cast, Chapter } from "./chapters/cast.ts";
import { connectApps } from "./chapters/connect.ts";
import { failedLater } from "./chapters/failed-later.ts";
import { fullRefund } from "./chapters/full-refund.ts";
import { lostAnswer } from "./chapters/lost-answer.ts";
import { overRefund, partialRefund } from "./chapters/partial-refund.ts";
import { trail } from "./chapters/trail.ts";
import { askForRefund, findPurchases } from "./desk.ts";
import { hirePeople } from "./people.ts";
import { chapter, step } from "./report.ts";
import type { World } from "./world.ts";

const chapters: readonly Chapter[] = [fullRefund, partialRefund, overRefund, lostAnswer, failedLater, trail];

/**
 * Tells one story through the public HTTP routes. Each step is checked in three places: Stripe's ledger,
 * Redress's database, and the app itself.
 *
 * @throws StoryBroken at the first step that is not true
 */
export async function tellStory(world: World): Promise<{ askForMore(): Promise<void> }> {
  chapter("People");
  const { admin, support } = await hirePeople(world.redress.url);
  step("Ada set up the desk; Sam from support may ask for refunds, not approve them");

  const shops = await connectApps(world, admin);
  const cast: Cast = { world, admin, support, shops };
  for (const play of chapters) await play(cast);
  return { askForMore: () => leaveWork(cast) };
}

/** A few requests that wait for a decision, so that the queue is not empty when somebody looks. */
async function leaveWork({ world, support }: Cast): Promise<void> {
  const notes = ["Bought twice by mistake", "Changed jobs, will not need it", "Asked within the guarantee"];
  for (const app of world.apps) {
    const purchases = await findPurchases(support, "", app.slug);
    const untouched = purchases.filter(
      ({ amountLeft, amountCaptured, currency }) => amountLeft === amountCaptured && currency !== "eur",
    );
    for (const [index, note] of notes.entries()) {
      const purchase = untouched[index * 3];
      if (purchase) await askForRefund(support, { purchaseId: purchase.id, note });
    }
  }
}
