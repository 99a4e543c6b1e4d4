import { UsageError } from "@redress/cli/usage-error";
import { closeAtSignal } from "../shutdown.ts";
import { demoHelp, readDemoOptions } from "./options.ts";
import { ada, sam } from "./people.ts";
import { chapter, StoryBroken, say } from "./report.ts";
import { tellStory } from "./story.ts";
import { startWorld, type World } from "./world.ts";

/** `npm run demo`: starts everything, does the main job once, then stays up. `-- --once` exits after the story. */
const { once } = readOptionsOrExit();
const startedAt = Date.now();
const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;

const starting = startWorld({ say });
let interrupted = false;
closeAtSignal(async () => {
  interrupted = true;
  await (await starting).close();
});

try {
  const world = await starting;
  say(`Everything is up after ${seconds()}.`);
  const { askForMore } = await tellStory(world);
  console.log(`\nThe story is true: checked in Stripe's ledger, the database and the shops (${seconds()}).`);
  if (once) {
    await world.close();
    process.exit(0);
  }
  await askForMore();
  invite(world);
} catch (error) {
  // Whoever interrupts the story pulls its parts from under it.
  if (!interrupted) {
    console.error(error instanceof StoryBroken ? `\n✕ ${error.message}` : error);
    await (await starting.catch(() => null))?.close();
    process.exit(1);
  }
}

/** Before anything starts. */
function readOptionsOrExit(): { readonly once: boolean } {
  try {
    const options = readDemoOptions(process.argv.slice(2));
    if (options !== "help") return options;
    process.stdout.write(demoHelp);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

function invite({ redress, sandbox, apps, connectionString }: World): void {
  chapter("Now you");
  console.log(`  Redress            ${redress.url}`);
  console.log(`    decide as        ${ada.email}  ${ada.password}`);
  console.log(`    ask as           ${sam.email}  ${sam.password}`);
  for (const app of apps) console.log(`  ${app.name.padEnd(18)} http://127.0.0.1:${app.shopPort}`);
  console.log(`  Stripe sandbox     ${sandbox.origin}`);
  console.log("  Log                .redress/demo/redress.log");
  console.log(`
  Try: search a customer in Purchases, ask for a refund as Sam, approve it as Ada, and look at the
  customer's page in the shop. Disconnect an app under Settings → Integrations and connect it again.
  Compare its books, in another terminal:
    DATABASE_URL=${connectionString} \\
    REDRESS_SANDBOX_ORIGIN=${sandbox.origin} npm run redress -- reconcile --all
  Ctrl-C ends the demo.`);
}
