import { operatorRoleNames } from "@redress/database";
import { z } from "zod";
import { callers } from "./access-table.ts";
import type { Client } from "./client.ts";
import type { startDesk } from "./desk.ts";
import { openLink } from "./open-link.ts";

/** How a caller of the table speaks with a running desk. */
export interface LiveCaller {
  readonly client: Client;
  /** A key's. */
  readonly headers: Record<string, string>;
  /** Null: nobody is signed in. */
  readonly operatorId: string | null;
}

/**
 * Every caller of the table on a running desk, by name: nobody, each role in the app, in another and in all, a key of an
 * administrator, and a developer of the app.
 *
 * @param places slugs of the app that is asked about, and of another
 */
export async function everyCaller(
  desk: Awaited<ReturnType<typeof startDesk>>,
  places: { app: string; other: string },
): Promise<ReadonlyMap<string, LiveCaller>> {
  const live = new Map<string, LiveCaller>();
  const guest = desk.client();
  live.set("nobody", { client: guest, headers: {}, operatorId: null });
  const slugs = { "of the app": places.app, "of another": places.other, "of all": undefined };
  for (const role of operatorRoleNames) {
    for (const [place, slug] of Object.entries(slugs)) {
      const { client, operatorId } = await desk.operator(role, slug);
      live.set(`${role} ${place}`, { client, headers: {}, operatorId });
    }
  }
  const admin = await desk.operator("admin");
  const made = await admin.client.post("/api/v1/keys", { name: "Bot", ratePerMinute: 6000 });
  const { secret } = made.as(z.object({ secret: z.string() }));
  const headers = { origin: "", authorization: `Bearer ${secret}` };
  live.set("key", { client: guest, headers, operatorId: null });
  const developer = await openLink(desk, admin.client, places.app);
  live.set("link", { client: developer, headers: {}, operatorId: null });
  const missing = callers.filter(({ name }) => !live.has(name));
  if (missing.length > 0) throw new Error(`nobody calls as ${missing.map(({ name }) => name).join(", ")}`);
  return live;
}
