import { createHash } from "node:crypto";
import {
  apps,
  connectDatabase,
  type OperatorRole,
  operatorRoles,
  operators,
  type RefundStatus,
} from "@redress/database";
import { createTestDatabase } from "@redress/database/testing";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq } from "drizzle-orm";
import { systemActor } from "../actor.ts";
import { createApp } from "../apps/create-app.ts";
import type { Clock, Dependencies, Outbound, Random } from "../dependencies.ts";
import { newId } from "../ids.ts";
import type { Money } from "../money.ts";
import { takeInCharge } from "../purchases/take-in-charge.ts";
import { createSecretBox } from "../secret-box.ts";
import { createStripeClient } from "../stripe/client.ts";
import { neverLogged, runLogger } from "./run-logs.ts";

/** Time that stands still until a test moves it. */
export interface SettableClock extends Clock {
  set(now: Date): void;
}

export interface TestApp {
  readonly id: string;
  readonly slug: string;
  readonly accountId: string;
  readonly notificationSecret: string;
}

export interface TestPurchase {
  readonly id: string;
  readonly chargeId: string;
  readonly accountId: string;
  readonly appId: string;
  readonly amount: number;
  readonly currency: string;
}

export interface HarnessOptions {
  /** Apps are connected to an account of the sandbox unless false. */
  readonly connect?: boolean;
  /** How long an answer of Stripe's is waited for, in real milliseconds; 2000 unless told. */
  readonly stripeTimeoutMs?: number;
  readonly outbound?: Outbound;
  readonly seed?: number;
}

/** Core on a real database, against the real sandbox over HTTP. */
export interface Harness {
  readonly dependencies: Dependencies;
  readonly sandbox: Sandbox;
  readonly clock: SettableClock;
  readonly connectionString: string;
  /** Moves the desk's clock and Stripe's together. */
  advance(milliseconds: number): Promise<void>;
  app(options?: {
    slug?: string;
    approvalRules?: readonly Money[];
    connect?: boolean;
    notificationUrl?: string;
    revokeAccessOnPartialRefund?: boolean;
    refundApplicationFee?: boolean;
  }): Promise<TestApp>;
  /** A card charge on the app's account, known to the desk. EUR 100.00 unless told. */
  purchase(options: {
    app: TestApp;
    amount?: number;
    currency?: string;
    paymentMethod?: string;
    customerEmail?: string;
  }): Promise<TestPurchase>;
  /** A person with a role in all apps; an admin unless told. */
  operator(role?: OperatorRole): Promise<{ id: string }>;
  connect(app: Pick<TestApp, "id">, accountId: string): Promise<void>;
  /** The refunds that really exist at Stripe for a charge, newest first. */
  stripeRefunds(purchase: Pick<TestPurchase, "accountId" | "chargeId">): Promise<StripeRefundFacts[]>;
  close(): Promise<void>;
}

export interface StripeRefundFacts {
  readonly id: string;
  readonly amount: number;
  readonly status: RefundStatus | string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** Starts a harness; `close` it in `afterAll`. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = settableClock(new Date(Math.floor(Date.now() / 1000) * 1000));
  const started = clock.now().getTime();
  const [testDatabase, sandbox] = await Promise.all([
    createTestDatabase(),
    startSandbox({ seed: options.seed ?? 1, now: () => started }),
  ]);
  const connection = connectDatabase({ connectionString: testDatabase.connectionString });
  const dependencies = createDependencies({ connection, sandbox, clock, options });
  const { database } = dependencies;

  const connect: Harness["connect"] = async (app, accountId) => {
    await database
      .update(apps)
      .set({
        stripeAccountId: accountId,
        stripeLivemode: false,
        stripeScope: "read_write",
        connectedAt: clock.now(),
        connectedBy: "test",
        disconnectedAt: null,
        disconnectedReason: null,
      })
      .where(eq(apps.id, app.id));
  };
  let appCount = 0;
  return {
    dependencies,
    sandbox,
    clock,
    connectionString: testDatabase.connectionString,
    connect,
    advance: async (milliseconds) => {
      clock.set(new Date(clock.now().getTime() + milliseconds));
      await sandbox.admin.moveClock({ advanceMs: milliseconds });
    },
    app: async ({ slug, connect: connected, approvalRules, ...settings } = {}) => {
      appCount += 1;
      const created = await createApp(dependencies, {
        actor: systemActor("test"),
        slug: slug ?? `app-${appCount}`,
        name: `App ${appCount}`,
        ...(approvalRules ? { approvalRules: [...approvalRules] } : {}),
        ...settings,
      });
      const account = await sandbox.admin.createAccount({ connected: true });
      neverLogged(created.notificationSecret);
      if (connected ?? options.connect ?? true) await connect(created.app, account.id);
      const { id, slug: given } = created.app;
      return { id, slug: given, accountId: account.id, notificationSecret: created.notificationSecret };
    },
    purchase: async ({ app, amount = 10_000, currency = "eur", paymentMethod, customerEmail }) => {
      const charge = await sandbox.admin.createCharge({
        account: app.accountId,
        amount,
        currency,
        silent: true,
        ...(paymentMethod === undefined ? {} : { payment_method: paymentMethod }),
        ...(customerEmail === undefined ? {} : { customer_email: customerEmail }),
      });
      const taken = await database.transaction((transaction) =>
        takeInCharge(dependencies, transaction, { appId: app.id, accountId: app.accountId, charge }),
      );
      if (!taken) throw new Error(`charge ${charge.id} took no money`);
      const { accountId, id: appId } = app;
      return { id: taken.purchaseId, chargeId: charge.id, accountId, appId, amount, currency };
    },
    operator: (role = "admin") => insertOperator(dependencies, role),
    stripeRefunds: async ({ accountId, chargeId }) => {
      const ledger = await sandbox.admin.ledger();
      return (ledger.accounts[accountId]?.refunds ?? []).filter(({ charge }) => charge === chargeId);
    },
    close: async () => {
      await sandbox.close();
      await connection.close();
      await testDatabase.drop();
    },
  };
}

function createDependencies(parts: {
  connection: ReturnType<typeof connectDatabase>;
  sandbox: Sandbox;
  clock: Clock;
  options: HarnessOptions;
}): Dependencies {
  const { platform, origin } = parts.sandbox;
  neverLogged(platform.secretKey, "a key for tests that is long enough");
  return {
    database: parts.connection.database,
    stripe: createStripeClient({
      secretKey: platform.secretKey,
      apiOrigin: origin,
      timeoutMs: parts.options.stripeTimeoutMs ?? 2_000,
    }),
    clock: parts.clock,
    random: seededRandom(parts.options.seed ?? 1),
    logger: runLogger(),
    secrets: createSecretBox("a key for tests that is long enough"),
    outbound: parts.options.outbound ?? {
      post: () => Promise.reject(new Error("this test sends nothing out")),
    },
    slack: null,
    mail: { way: "log", send: () => Promise.reject(new Error("this test sends no mail")) },
    settings: {
      publicUrl: "http://127.0.0.1:3000",
      mode: "sandbox",
      eventRetentionDays: 90,
      stripe: {
        clientId: platform.clientId,
        publishableKey: platform.publishableKey,
        connectOrigin: origin,
        platformWebhookSecrets: [],
        connectWebhookSecrets: [],
      },
    },
    wakeOutbox: () => {},
  };
}

function settableClock(start: Date): SettableClock {
  let now = start;
  return {
    now: () => new Date(now),
    set: (moment) => {
      now = moment;
    },
  };
}

/** The same bytes in every run. */
export function seededRandom(seed: number): Random {
  let count = 0;
  return {
    bytes: (length) => {
      const chunks: Buffer[] = [];
      while (chunks.length * 32 < length) {
        chunks.push(createHash("sha256").update(`${seed}/${count}`).digest());
        count += 1;
      }
      return Buffer.concat(chunks).subarray(0, length);
    },
  };
}

async function insertOperator(dependencies: Dependencies, role: OperatorRole): Promise<{ id: string }> {
  const id = newId(dependencies.random, "role").replace("rol_", "opr_");
  const now = dependencies.clock.now();
  await dependencies.database.insert(operators).values({
    id,
    name: `Operator ${id.slice(-4)}`,
    email: `${id}@example.com`,
    createdAt: now,
    updatedAt: now,
  });
  await dependencies.database.insert(operatorRoles).values({
    id: newId(dependencies.random, "role"),
    operatorId: id,
    appId: null,
    role,
    grantedAt: now,
    grantedBy: "test",
  });
  return { id };
}
