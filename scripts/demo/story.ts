import type { Browser } from "./browser.ts";
import type { Cast, Chapter } from "./chapters/cast.ts";
import { connectApps } from "./chapters/connect.ts";
import { failedLater } from "./chapters/failed-later.ts";
import { fullRefund } from "./chapters/full-refund.ts";
import { lostAnswer } from "./chapters/lost-answer.ts";
import { overRefund, partialRefund } from "./chapters/partial-refund.ts";
import { trail } from "./chapters/trail.ts";
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
export async function tellStory(world: World): Promise<{ admin: Browser }> {
  chapter("People");
  const { admin, support } = await hirePeople(world.redress.url);
  step("Ada set up the desk; Sam from support may ask for refunds, not approve them");

  const shops = await connectApps(world, admin);
  const cast: Cast = { world, admin, support, shops };
  for (const play of chapters) await play(cast);
  return { admin };
}
