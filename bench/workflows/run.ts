import type { Closers } from "../closers.ts";
import { query, startDatabaseServer } from "../database-server.ts";
import { startDesk } from "../desk.ts";
import { startLoad } from "../load/load.ts";
import { describeMachine } from "../machine.ts";
import type { WorkflowOptions } from "../options.ts";
import { startReceivingApps } from "../receiving-apps.ts";
import { percentile, round } from "../statistics.ts";
import { startStripe } from "../stripe.ts";
import { measureDrain } from "./drain.ts";
import { readEngine } from "./engine.ts";
import { measureTold } from "./told.ts";

/** Told of first, so that nothing is compiled or connected during the measurement. */
const warmUpEvents = 10;
/** Beside those whose news is measured: refunds that the drained events are about. */
const refundsToDrain = 150;

/**
 * Measures how soon an app is told of an event, and how fast queued events are worked off.
 *
 * @returns the exit code: 1 when a message was given up
 * @throws UsageError when the engine is not to be had
 */
export async function runWorkflows(
  options: WorkflowOptions,
  closers: Closers,
  say: (line: string) => void,
): Promise<number> {
  const engine = readEngine(options.engine, process.env);
  const server = await startDatabaseServer();
  closers.add(() => server.close());
  if (server.warning) say(`Warning: ${server.warning}`);
  // Two accounts share them.
  const refunds = Math.ceil((options.events + warmUpEvents) / 2) + refundsToDrain;
  const stripe = await startStripe(refunds);
  closers.add(() => stripe.sandbox.close());
  const receiving = await startReceivingApps();
  closers.add(() => receiving.close());
  const connectionString = await server.createDatabase("redress");
  const desk = await startDesk({ stripe, connectionString, env: engine.env, say });
  closers.add(() => desk.stop());
  await desk.connectApps(stripe, receiving);
  await stripe.refundCharges(refunds);
  await engine.check((text) => query(connectionString, text));

  const news = (await stripe.events()).filter(({ event }) => event.type === "refund.created");
  await measureTold(desk, news.slice(0, warmUpEvents), receiving);
  const measured = await measureTold(
    desk,
    news.slice(warmUpEvents, warmUpEvents + options.events),
    receiving,
  );
  const told = {
    eventToToldP50Ms: round(percentile(measured, 0.5), 2),
    eventToToldP99Ms: round(percentile(measured, 0.99), 2),
  };
  say(
    `One event at a time: the app is told after ${told.eventToToldP50Ms} ms (p50), ${told.eventToToldP99Ms} ms (p99).`,
  );

  const load = startLoad(await stripe.templates());
  closers.add(() => load.close());
  const drain = await measureDrain({ target: desk, connectionString, load, events: options.drain, say });
  const machine = describeMachine(server.version);
  say(`${drain.workflows} workflows in all, ${drain.workflowsPerSecond} a second.\n${machine}`);
  const { events, drain: drained } = options;
  say(
    JSON.stringify({
      bench: "workflows",
      engine: options.engine,
      events,
      drained,
      ...told,
      ...drain,
      machine,
    }),
  );
  return drain.dead === 0 ? 0 : 1;
}
