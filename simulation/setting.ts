import { createApp } from "@redress/core/apps/create-app";
import { finishConnect } from "@redress/core/connect/finish-connect";
import { startConnect } from "@redress/core/connect/start-connect";
import type { Dependencies } from "@redress/core/dependencies";
import { getPolicy, setPolicy } from "@redress/core/policy/set-policy";
import { takeInCharge } from "@redress/core/purchases/take-in-charge";
import { apps, type OperatorRole, operatorRoles, operators } from "@redress/database";
import { eq } from "drizzle-orm";
import { Chance } from "./chance.ts";
import { ReceivingApp } from "./receiving-apps.ts";
import type { AppInWorld, World } from "./world.ts";

/** The people of every run. `gil` may only look. */
export const people: Readonly<Record<string, OperatorRole>> = {
  opr_ada: "admin",
  opr_ben: "admin",
  opr_cleo: "approver",
  opr_gil: "viewer",
};

/** Requesters: people and agents, the agent under the person who answers for it. */
export const requesters = [
  { kind: "operator", id: "opr_ada" },
  { kind: "operator", id: "opr_cleo" },
  { kind: "agent", id: "key_robo", ownerId: "opr_ben" },
  { kind: "agent", id: "key_nova", ownerId: "opr_ada" },
] as const;

export const deciders = Object.keys(people);

/** Who buys everything. */
export const customer = { email: "customer@example.com", name: "A. Customer" } as const;

const paymentMethods = [
  "pm_card_visa",
  "pm_card_visa",
  "pm_card_visa",
  "pm_card_pendingRefund",
  "pm_card_refundFail",
] as const;

/**
 * The world before the story begins: people, connected apps, purchases. It is laid out without the scheduler;
 * connecting and buying, with all that can go wrong, are part of the story.
 */
export async function furnish(world: World): Promise<void> {
  const { scheduler, desk } = world;
  const chance = new Chance(`${world.seed}/setting`);
  scheduler.spawn("supervisor", null, () => desk.start());
  await scheduler.run(scheduler.nowMs + 1_000);
  if (desk.process === null) throw new Error("the desk did not start");
  const dependencies = { ...desk.process.dependencies, database: world.database.plain, wakeOutbox() {} };
  await addPeople(dependencies);
  const appCount = chance.pick([2, 2, 2, 3]);
  for (let number = 1; number <= appCount; number += 1) {
    const app = await addApp(world, dependencies, chance, number);
    const charges = chance.pick([1, 1, 2, 3]);
    for (let count = 0; count < charges; count += 1) await addPurchase(world, dependencies, app, chance);
  }
  await world.settleStripe();
}

/** Runs something in the present process, as a task of it; when there is none, a minute later. */
export function inProcess(
  world: World,
  name: string,
  work: (dependencies: Dependencies) => Promise<unknown>,
): void {
  const running = world.desk.process;
  if (running === null) {
    world.scheduler.at(world.scheduler.nowMs + 60_000, null, () => inProcess(world, name, work));
    return;
  }
  world.scheduler.spawn(name, running.life, () => work(running.dependencies));
}

export async function addPeople({ database, clock }: Dependencies): Promise<void> {
  const now = clock.now();
  for (const [id, role] of Object.entries(people)) {
    await database
      .insert(operators)
      .values({ id, name: id.slice(4), email: `${id}@example.com`, createdAt: now, updatedAt: now });
    await database
      .insert(operatorRoles)
      .values({ id: `rol_${id}`, operatorId: id, appId: null, role, grantedAt: now, grantedBy: "setting" });
  }
}

async function addApp(
  world: World,
  dependencies: Dependencies,
  chance: Chance,
  number: number,
): Promise<AppInWorld> {
  const slug = `app-${number}`;
  const notificationUrl = `https://${slug}.example.com/redress`;
  const revokesOnPartial = chance.happens(0.3);
  const limit = chance.pick([null, 3_000, 1_000_000]);
  const created = await createApp(dependencies, {
    actor: { kind: "operator", id: "opr_ada" },
    slug,
    name: `App ${number}`,
    notificationUrl,
    revokeAccessOnPartialRefund: revokesOnPartial,
    approvalRules: limit === null ? [] : [{ amount: limit, currency: "eur" }],
  });
  // Where the rule lets nearly everything out, requests of several purchases meet at a budget.
  const dailyBudget = limit === 1_000_000 ? 12_000 : null;
  if (dailyBudget !== null) await setBudget(dependencies, slug, dailyBudget);
  // Where it lets out little, two people approve the rest.
  const approversNeeded = limit === 3_000 ? 2 : 1;
  if (approversNeeded > 1) await askSeveral(dependencies, slug, approversNeeded);
  const account = await world.sandbox.admin.createAccount({ connected: true, default_currency: "eur" });
  await dependencies.database
    .update(apps)
    .set({
      stripeAccountId: account.id,
      stripeLivemode: false,
      stripeScope: "read_write",
      connectedAt: dependencies.clock.now(),
      connectedBy: "opr_ada",
    })
    .where(eq(apps.id, created.app.id));
  const app: AppInWorld = {
    id: created.app.id,
    slug,
    accountId: account.id,
    accountKey: account.secretKey,
    revokesOnPartial,
    isConnectedAtFirst: true,
    policyLimit: limit,
    dailyBudget,
    approversNeeded,
    receiver: new ReceivingApp(slug, created.notificationSecret),
  };
  world.apps.set(notificationUrl, app.receiver);
  world.appsInWorld.push(app);
  return app;
}

async function setBudget(dependencies: Dependencies, slug: string, amount: number): Promise<void> {
  const { policy } = await getPolicy(dependencies, { slug });
  const budgets = [{ per: "app", period: "day", limit: { amount, currency: "eur" } }];
  await setPolicy(dependencies, {
    actor: { kind: "operator", id: "opr_ada" },
    owner: { slug },
    policy: { ...policy, budgets },
  });
}

async function askSeveral(dependencies: Dependencies, slug: string, approvers: number): Promise<void> {
  const { policy } = await getPolicy(dependencies, { slug });
  await setPolicy(dependencies, {
    actor: { kind: "operator", id: "opr_ada" },
    owner: { slug },
    policy: { ...policy, rules: [...policy.rules, { when: {}, verdict: "ask", approvers }] },
  });
}

/** One that the desk knows already. */
async function addPurchase(
  world: World,
  dependencies: Dependencies,
  app: AppInWorld,
  chance: Chance,
): Promise<void> {
  const charge = await world.sandbox.admin.createCharge({ ...drawCharge(app, chance), silent: true });
  await dependencies.database.transaction((transaction) =>
    takeInCharge(dependencies, transaction, { appId: app.id, accountId: app.accountId, charge }),
  );
  world.charges.push({ id: charge.id, app, amount: charge.amount, currency: charge.currency });
}

/** The whole way through Stripe's consent page. @returns where the browser ends */
export async function connect(
  world: World,
  dependencies: Dependencies,
  app: AppInWorld,
  operatorId: string,
): Promise<string> {
  const traveller = { operatorId, sessionToken: `session of ${operatorId}` };
  const { url } = await startConnect(dependencies, { ...traveller, appSlug: app.slug });
  const query = await world.atStripe(`${operatorId} gives consent for ${app.slug}`, () =>
    giveConsent(url, app.accountId),
  );
  const { location } = await finishConnect(dependencies, { ...traveller, appIds: "all", query });
  world.scheduler.tell(`  the browser ends at ${location}`);
  return location;
}

/** What a merchant does on Stripe's consent page. @returns what Stripe adds to the address of the callback */
export async function giveConsent(url: string, account: string): Promise<Record<string, string>> {
  const asked = new URL(url).searchParams;
  const form = new URLSearchParams([...asked].filter(([name]) => !name.startsWith("stripe_user")));
  form.set("account", account);
  form.set("decision", "connect");
  const answer = await fetch(new URL("/oauth/authorize/decision", url), {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  await answer.arrayBuffer();
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`the consent page answered ${answer.status}`);
  return Object.fromEntries(new URL(location).searchParams);
}

/** A customer buys; the desk learns of it by webhook. */
export async function addCharge(world: World, app: AppInWorld, chance: Chance): Promise<void> {
  const drawn = drawCharge(app, chance);
  const charge = await world.atStripe(
    `a customer of ${app.slug} pays ${drawn.amount} (${drawn.payment_method})`,
    () => world.sandbox.admin.createCharge(drawn),
  );
  world.charges.push({ id: charge.id, app, amount: charge.amount, currency: charge.currency });
}

function drawCharge(app: AppInWorld, chance: Chance) {
  return {
    account: app.accountId,
    amount: chance.pick([1_000, 2_500, 10_000]),
    payment_method: chance.pick(paymentMethods),
    currency: "eur",
    customer_email: customer.email,
    customer_name: customer.name,
  };
}
