import { apps, notifications, outboxMessages, refundProposals, stripeEvents } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import type { Guard } from "./access/guarded.ts";
import { callers, isAllowed } from "./testing/access-table.ts";
import { type BuiltAction, builtActions, callAction } from "./testing/call-action.ts";
import { bodySamples, fieldSamples, type SampleIds } from "./testing/change-samples.ts";
import { startDesk } from "./testing/desk.ts";
import { everyAction } from "./testing/every-action.ts";
import { everyCaller, type LiveCaller } from "./testing/every-caller.ts";
import { everyRoute } from "./testing/every-route.ts";

// Whatever changes something is called over HTTP as everybody: the answer is what the table of docs/access.md declares.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let live: Awaited<ReturnType<typeof everyCaller>>;
let ids: SampleIds;
let appId: string;
/** An agent withdraws and comments on what it asked for itself. */
let keysRefund: string;
let keysBulk: string;
const deadLetter = "msg_dead_letter";

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  const app = await desk.app("this-app");
  await desk.app("other-app");
  appId = app.id;
  live = await everyCaller(desk, { app: app.slug, other: "other-app" });
  const purchase = await desk.purchase(app.id);
  const asker = await desk.operator("agent");
  const asked = await asker.client.post("/api/v1/refunds", { purchaseId: purchase, amount: 100 });
  const { refund } = asked.as(z.object({ refund: z.object({ id: z.string() }) }));
  const [event, proposal, notification] = ["evt_this_app", "rpp_this_app", "ntf_this_app"];
  const { database } = desk.dependencies;
  const now = new Date();
  await database.insert(stripeEvents).values({
    id: event,
    type: "account.updated",
    accountId: "acct_thisapp",
    livemode: false,
    stripeCreatedAt: now,
    receivedAt: now,
    endpoint: "connect",
    payload: JSON.stringify({ id: event, object: "event", type: "account.updated", data: { object: {} } }),
    status: "handled",
    handledAt: now,
  });
  await database.insert(refundProposals).values({
    id: proposal,
    purchaseId: purchase,
    stripeWarningId: "issfr_1",
    fraudType: "misc",
    status: "open",
    createdAt: now,
  });
  await database.insert(notifications).values({
    id: notification,
    appId: app.id,
    type: "ping",
    access: "keep",
    sequence: 0,
    payload: {},
    status: "pending",
    createdAt: now,
  });
  const key = live.get("key");
  const own = await key?.client.post(
    "/api/v1/refunds",
    { purchaseId: await desk.purchase(app.id), amount: 100 },
    { headers: key.headers },
  );
  keysRefund = own?.as(z.object({ refund: z.object({ id: z.string() }) })).refund.id ?? "";
  const list = z.object({ bulkRefund: z.object({ id: z.string() }) });
  const rows = { app: app.slug, rows: [{ purchase: await desk.purchase(app.id) }] };
  const bulk = (await asker.client.post("/api/v1/bulk-refunds", rows)).as(list).bulkRefund.id;
  const ownList = await key?.client.post("/api/v1/bulk-refunds", rows, { headers: key.headers });
  keysBulk = ownList?.as(list).bulkRefund.id ?? "";
  ids = {
    app: app.slug,
    purchase,
    refund: refund.id,
    bulkRefund: bulk,
    event,
    proposal,
    notification,
    operator: "",
  };
}, 240_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

/** An app's operators see what happened on its account since it was connected. */
const longAgo = new Date("2026-01-01");

/** What the calls before may have undone: whose account the app's is, and the message that can be sent again. */
async function restore(): Promise<void> {
  const { database } = desk.dependencies;
  const connection = { stripeLivemode: false, stripeScope: "read_write", connectedAt: longAgo };
  await database
    .update(apps)
    .set({ ...connection, stripeAccountId: "acct_thisapp", connectedBy: "test", disconnectedAt: null })
    .where(eq(apps.id, appId));
  await database.delete(outboxMessages).where(eq(outboxMessages.factKey, "dead:this-app"));
  await database.insert(outboxMessages).values({
    id: deadLetter,
    name: "purchases/import.requested",
    factKey: "dead:this-app",
    data: { appId },
    createdAt: new Date(),
    deadAt: new Date(),
    sendCount: 20,
    lastError: "it broke",
  });
}

const notThere = /^(app|purchase|refund|bulk_refund|event|dead_letter|proposal)_not_found$/;
/** A message may also be missing among those of a refund that was found. */
const hidden = /^(app|purchase|refund|bulk_refund|event|dead_letter|proposal|notification)_not_found$/;

/** Null where the answer fits what is declared; else what is wrong. */
function misfit(guard: Guard, name: string, answer: { status: number; code: string | null }): string | null {
  const caller = callers.find((one) => one.name === name);
  if (caller === undefined) throw new Error(`${name} is in no table`);
  const { status, code } = answer;
  const isPerson = caller.grants !== null && !("owner" in caller.grants);
  if (isAllowed(guard, caller)) {
    // Let in: done, or told what is wrong with the request, but not who they are.
    const isRefused = code === "permission_denied" || code === "sign_in_required" || status === 500;
    return isRefused || notThere.test(code ?? "") ? `let in, but ${status} ${code}` : null;
  }
  // Whoever has no link is told so, whoever they are.
  if (guard.kind === "portal")
    return code === "portal_link_ended" ? null : `has no link, but ${status} ${code}`;
  if (caller.grants === null)
    return code === "sign_in_required" ? null : `not signed in, but ${status} ${code}`;
  const isDenied = code === "permission_denied" || (isPerson && hidden.test(code ?? ""));
  return isDenied ? null : `not let in, but ${status} ${code}`;
}

/**
 * Asks, and says what is wrong with the answer. Stripe knows no such account, so the desk may disconnect the app between
 * putting it back and the question; then its event is nobody's, and it is asked again.
 */
async function misfitOf(
  guard: Guard,
  name: string,
  ask: () => Promise<{ status: number; code: string | null }>,
): Promise<string | null> {
  let found: string | null = null;
  for (let count = 0; count < 3; count += 1) {
    await restore();
    const answer = await ask();
    found = misfit(guard, name, answer);
    if (found === null || answer.code !== "event_not_found") return found;
  }
  return found;
}

const isChecked = (guard: Guard | undefined): guard is Extract<Guard, { kind: "operator" | "caller" }> =>
  guard?.kind === "operator" || guard?.kind === "caller";

const oneOf: Readonly<Record<string, (known: SampleIds) => string>> = {
  refunds: ({ refund }) => refund,
  "bulk-refunds": ({ bulkRefund }) => bulkRefund,
  purchases: ({ purchase }) => purchase,
  events: ({ event }) => event,
  proposals: ({ proposal }) => proposal,
  deliveries: ({ notification }) => notification,
  "dead-letters": () => deadLetter,
  keys: () => "key_none",
  "portal-links": () => "plk_none",
  "embed-keys": () => "emb_none",
};

function addressOf(pattern: string, caller = ""): string {
  const known = caller === "key" ? { ...ids, refund: keysRefund, bulkRefund: keysBulk } : ids;
  return pattern
    .replace("[slug]", known.app)
    .replace(/([\w-]+)\/\[id\]/, (_whole, kind: string) => `${kind}/${oneOf[kind]?.(known) ?? "none"}`);
}

test("every route that changes something lets in, over HTTP, whom it declares and nobody else", async () => {
  const wrong: string[] = [];
  let asked = 0;
  const samples = bodySamples(ids);
  for (const { method, pattern, guard } of await everyRoute()) {
    const name = `${method} ${pattern}`;
    if (guard === undefined) wrong.push(`${name} declares nothing`);
    if (method === "GET" || !isChecked(guard)) continue;
    const body = samples[name];
    const schema = guard.accepted?.body;
    if (schema?.safeParse(body).success === false) wrong.push(`${name} has no sample that its schema takes`);
    for (const [caller, { client, headers }] of live) {
      const address = addressOf(pattern, caller);
      const misfits = await misfitOf(guard, caller, () => client.send(method, address, body, { headers }));
      asked += 1;
      if (misfits !== null) wrong.push(`${name} as ${caller}: ${misfits}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(300);
}, 300_000);

test("who may not is told so before what they sent is read", async () => {
  const viewer = live.get("viewer of the app");
  const wrong: string[] = [];
  for (const { method, pattern, guard } of await everyRoute()) {
    if (method === "GET" || guard?.kind !== "operator" || guard.permission === "refunds.read") continue;
    const answer = await viewer?.client.send(method, addressOf(pattern), '{"no": "such field"}');
    if (answer?.code !== "permission_denied")
      wrong.push(`${method} ${pattern}: ${answer?.status} ${answer?.code}`);
  }
  expect(wrong).toEqual([]);
});

/** A page that the action can be sent to, without what is in brackets. */
function pageOf({ pages }: BuiltAction): string {
  const page = pages.find((path) => !path.includes("[...")) ?? "";
  const path = page
    .replace(/^app/, "")
    .replaceAll(/\/\([^)]*\)/g, "")
    .replace(/\/page$/, "");
  return addressOf(path === "" ? "/" : path);
}

const byWhom = ({ operatorId }: LiveCaller) => ({ ...ids, operator: operatorId ?? "opr_none" });

test("every server action lets in, over HTTP, whom it declares and nobody else", async () => {
  const [actions, built] = [await everyAction(), await builtActions()];
  const wrong: string[] = [];
  let asked = 0;
  for (const { name, guard } of actions) {
    if (guard === undefined) wrong.push(`${name} declares nothing`);
    const one = built.get(name);
    if (one === undefined || guard === undefined) {
      wrong.push(`${name} is in no page`);
      continue;
    }
    if (guard.kind === "public") continue;
    for (const [caller, way] of live) {
      const fields = fieldSamples(byWhom(way))[name.replace(/^\((desk|portal)\)\//, "")] ?? {};
      if (isChecked(guard) && guard.accepted?.body?.safeParse(fields).success === false) {
        wrong.push(`${name} has no sample that its schema takes`);
        break;
      }
      // A key opens no page: it is nobody there, even where it comes from the desk's own address.
      const headers = { authorization: way.headers.authorization ?? "" };
      const misfits = await misfitOf(guard, caller === "key" ? "nobody" : caller, () =>
        callAction(way.client, one, pageOf(one), fields, { headers }),
      );
      asked += 1;
      if (misfits !== null) wrong.push(`${name} as ${caller}: ${misfits}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(400);
}, 600_000);
