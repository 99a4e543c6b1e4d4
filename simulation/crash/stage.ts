import { createApp } from "@redress/core/apps/create-app";
import type { Dependencies } from "@redress/core/dependencies";
import Stripe from "stripe";
import { ReceivingApp } from "../receiving-apps.ts";
import { describe } from "../scheduler.ts";
import { addPeople, connect, inProcess } from "../setting.ts";
import type { AppInWorld, ChargeInWorld, World } from "../world.ts";
import type { KillSwitch } from "./kill-switch.ts";

const minute = 60_000;

/** Somebody who wants one thing, and asks again when the process died before it answered. */
export interface Person {
  readonly name: string;
  clicks: number;
  /** What they were told last: the code of an error, or what the work came to. */
  answer: string | null;
}

export interface StageOptions {
  /** Requests up to this amount need no person. */
  readonly rule?: number;
  readonly connected?: boolean;
  readonly paymentMethod?: string;
}

type Work = (dependencies: Dependencies, click: number) => Promise<string>;

/** A small world in which only one thing goes wrong: one app, its account, one charge of EUR 100.00. */
export class Stage {
  readonly world: World;
  readonly killSwitch: KillSwitch;
  readonly people: { person: Person; again: () => void }[] = [];
  #app: AppInWorld | undefined;
  #charge: ChargeInWorld | undefined;

  constructor(world: World, killSwitch: KillSwitch) {
    this.world = world;
    this.killSwitch = killSwitch;
  }

  get app(): AppInWorld {
    if (this.#app === undefined) throw new Error("the stage is not set");
    return this.#app;
  }

  get charge(): ChargeInWorld {
    if (this.#charge === undefined) throw new Error("the stage is not set");
    return this.#charge;
  }

  async set({ rule, connected = true, paymentMethod = "pm_card_visa" }: StageOptions = {}): Promise<void> {
    const { scheduler, desk } = this.world;
    scheduler.spawn("supervisor", null, () => desk.start());
    await this.goOn(1_000);
    inProcess(this.world, "ada installs", async (dependencies) => {
      await addPeople(dependencies);
      this.#app = await this.#addApp(dependencies, rule);
    });
    await this.goOn(10_000);
    if (connected) await this.connectNow();
    await this.addCharge(paymentMethod);
    // The sweeps of the start are over, and every webhook has come.
    await this.goOn(10 * minute);
  }

  async connectNow(): Promise<void> {
    inProcess(this.world, "ada connects", (dependencies) =>
      connect(this.world, dependencies, this.app, "opr_ada"),
    );
    await this.goOn(10_000);
  }

  async addCharge(payment_method: string): Promise<void> {
    const { world, app } = this;
    world.scheduler.spawn("customer", null, async () => {
      const { id } = await world.atStripe("a customer pays", () =>
        world.sandbox.admin.createCharge({
          account: app.accountId,
          amount: 10_000,
          currency: "eur",
          payment_method,
          customer_email: "customer@example.com",
          customer_name: "A. Customer",
        }),
      );
      this.#charge = { id, app, amount: 10_000, currency: "eur" };
      world.charges.push(this.charge);
    });
    await this.goOn(10_000);
  }

  /** Lets the world go on for a while. */
  goOn(milliseconds: number): Promise<void> {
    const { scheduler } = this.world;
    return scheduler.run(scheduler.nowMs + milliseconds);
  }

  /** Somebody begins to do something; `again` after a death that took the answer away. */
  person(name: string, work: Work): void {
    const person: Person = { name, clicks: 0, answer: null };
    const click = () => {
      person.clicks += 1;
      const number = person.clicks;
      inProcess(this.world, name, async (dependencies) => {
        try {
          person.answer = await work(dependencies, number);
        } catch (error) {
          person.answer = describe(error);
          if (!(error instanceof Error) || error.name !== "RedressError") throw error;
        }
        this.world.scheduler.tell(`  ${name} is told: ${person.answer}`);
      });
    };
    this.people.push({ person, again: click });
    click();
  }

  /** Whoever got no answer looks at the page again, some seconds after the desk is back. */
  askAgain(afterMs: number): void {
    const { scheduler } = this.world;
    for (const { person, again } of this.people) {
      if (person.answer !== null) continue;
      scheduler.at(scheduler.nowMs + afterMs, null, () => {
        if (person.answer === null) again();
      });
    }
  }

  atStripe(name: string, act: () => Promise<unknown>): void {
    const { world } = this;
    world.scheduler.spawn("stripe", null, async () => {
      await world.atStripe(name, act);
    });
  }

  /** The merchant returns money in Stripe's own Dashboard. */
  merchantRefunds(amount: number): void {
    const { app, charge } = this;
    this.atStripe(`the merchant refunds ${amount}`, async () => {
      const stripe = new Stripe(app.accountKey, this.#address());
      await stripe.refunds.create({ charge: charge.id, amount });
    });
  }

  /** Stripe sends no webhooks while this works. */
  async withoutWebhooks(work: () => Promise<void>): Promise<void> {
    const stripe = new Stripe(this.world.sandbox.platform.secretKey, this.#address());
    const [endpoint] = (await stripe.webhookEndpoints.list()).data;
    if (endpoint === undefined) throw new Error("Stripe has no endpoint of the desk");
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    await work();
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: false });
  }

  #address(): Pick<Stripe.StripeConfig, "host" | "port" | "protocol" | "telemetry"> {
    const { hostname, port } = new URL(this.world.sandbox.origin);
    return { host: hostname, port, protocol: "http", telemetry: false };
  }

  async #addApp(dependencies: Dependencies, rule: number | undefined): Promise<AppInWorld> {
    const { world } = this;
    const slug = "shop";
    const notificationUrl = `https://${slug}.example.com/redress`;
    const created = await createApp(dependencies, {
      actor: { kind: "operator", id: "opr_ada" },
      slug,
      name: "Shop",
      notificationUrl,
      revokeAccessOnPartialRefund: true,
      approvalRules: rule === undefined ? [] : [{ amount: rule, currency: "eur" }],
    });
    const account = await world.atStripe("the merchant opens an account", () =>
      world.sandbox.admin.createAccount({ connected: false, default_currency: "eur" }),
    );
    const receiver = new ReceivingApp(slug, created.notificationSecret);
    world.apps.set(notificationUrl, receiver);
    const { id: accountId, secretKey: accountKey } = account;
    const app = {
      id: created.app.id,
      slug,
      accountId,
      accountKey,
      revokesOnPartial: true,
      isConnectedAtFirst: false,
      policyLimit: rule ?? null,
      approversNeeded: 1,
      dailyBudget: null,
      receiver,
    };
    world.appsInWorld.push(app);
    return app;
  }
}
