import type { EventTemplate } from "./event-source.ts";
import { type LoadJob, sendEvents } from "./send-events.ts";

/** The process that loads the servers, apart from them and from what counts. Its parent is `load.ts`. */
export type LoadOrder = { readonly templates: readonly EventTemplate[] } | { readonly job: LoadJob };

let templates: readonly EventTemplate[] = [];

process.on("message", async (order: LoadOrder) => {
  if ("templates" in order) templates = order.templates;
  else process.send?.(await sendEvents(order.job, templates));
});
// Whoever gave the orders is gone.
process.on("disconnect", () => process.exit());
