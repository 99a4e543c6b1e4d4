import { auditLogs, savedViews } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Client } from "./testing/client.ts";
import { startDesk } from "./testing/desk.ts";
import { fillIn } from "./testing/fill-in.ts";

// Saved views as a browser without JavaScript gets and sends them: each sees their own and the shared ones, in the order
// in which they were made; what others share is theirs to change, and an old view shows its page.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  await desk.app("view-shop");
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const shown = (html: string) => html.replaceAll("<!-- -->", "").replaceAll("&#x27;", "'");

/** Saves what stands in the address, and answers the address of the view. */
async function save(client: Client, path: string, fields: { viewName: string; shared?: string }) {
  const form = await fillIn(client, desk.url, path, fields);
  const sent = await form.send();
  return { sent, at: sent.headers.get("location") ?? "" };
}

async function namesAt(client: Client, path: string): Promise<string[]> {
  const [nav = ""] = /<nav aria-label="Saved views".*?<\/nav>/s.exec((await client.get(path)).text) ?? [];
  return [...nav.matchAll(/truncate">([^<]*)</g)].map(([, name = ""]) => name);
}

const changes = ["view_shared", "shared_view_renamed", "shared_view_deleted"] as const;
const audited = async () =>
  (
    await desk.dependencies.database
      .select({ action: auditLogs.action, details: auditLogs.details })
      .from(auditLogs)
      .where(inArray(auditLogs.action, [...changes]))
      .orderBy(auditLogs.id)
  ).map(({ action, details }) => [action, details.page]);

test("one's own view is a tab that shows the filters again, for nobody else", async () => {
  const [ada, ben] = [await desk.operator("agent", "view-shop"), await desk.operator("agent", "view-shop")];
  const first = await save(ada.client, "/purchases?query=2026-11&app=view-shop", { viewName: "November" });
  expect(first.at).toMatch(/^\/purchases\?view=view_\w+$/);
  await save(ada.client, "/purchases?query=last4:4242", { viewName: "Cards" });
  expect(await namesAt(ada.client, "/purchases")).toEqual(["November", "Cards"]);
  expect(await namesAt(ben.client, "/purchases")).toEqual([]);
  const page = shown((await ada.client.get(first.at)).text);
  expect(page).toMatch(/<a[^>]*aria-current="true"[^>]*>.*?November/s);
  expect(page).toContain('value="2026-11"');
  expect(shown((await ben.client.get(first.at)).text)).toContain("This view is not there any more.");
  expect(await audited()).toEqual([]);
  const again = await save(ada.client, "/purchases?query=49eur", { viewName: "Cards" });
  expect(again.sent.text).toContain('data-error-code="saved_view_refused"');
});

test("a shared view is everybody's to see, its owner's and an administrator's to change, and each change is in the log", async () => {
  const [ada, ben] = [await desk.operator("agent"), await desk.operator("viewer", "view-shop")];
  const { at } = await save(ada.client, "/refunds?show=failed", { viewName: "Failed ones", shared: "on" });
  expect(await namesAt(ben.client, "/refunds")).toEqual(["Failed ones"]);
  const seen = shown((await ben.client.get(at)).text);
  expect(seen).toMatch(/aria-current="true"[^>]*>Failed or refused/);
  expect(seen).not.toContain("Rename this view");
  const viewId = new URLSearchParams(at.split("?")[1]).get("view") ?? "";
  // Ben sends the form of a view of his own, with Ada's id in it.
  const own = await save(ben.client, "/refunds?show=done", { viewName: "Done" });
  const forged = await fillIn(ben.client, desk.url, own.at, { removedId: viewId });
  expect((await forged.send()).text).toContain('data-error-code="saved_view_not_found"');
  const renamed = await fillIn(ada.client, desk.url, at, { newName: "Gone wrong" });
  await renamed.send();
  expect(await namesAt(ben.client, "/refunds")).toEqual(["Gone wrong", "Done"]);
  const admin = await desk.operator("admin");
  const removed = await fillIn(admin.client, desk.url, at, { removedId: viewId });
  expect((await removed.send()).headers.get("location")).toBe("/refunds");
  expect(await namesAt(ben.client, "/refunds")).toEqual(["Done"]);
  expect(await audited()).toEqual([
    ["view_shared", "refunds"],
    ["shared_view_renamed", "refunds"],
    ["shared_view_deleted", "refunds"],
  ]);
});

test("what a view says no longer is ignored, and said", async () => {
  const { client, operatorId } = await desk.operator("agent", "view-shop");
  const { at } = await save(client, "/purchases?query=2026-11&app=view-shop", { viewName: "Old" });
  const { database } = desk.dependencies;
  await database
    .update(savedViews)
    .set({ search: "query=2026-11&app=sold-shop&colour=red" })
    .where(eq(savedViews.ownerId, operatorId));
  const page = await client.get(at);
  expect(page.status).toBe(200);
  expect(shown(page.text)).toMatch(/saved with an app and colour\s+that is not there any more/);
  expect(page.text).toContain('value="2026-11"');
});
