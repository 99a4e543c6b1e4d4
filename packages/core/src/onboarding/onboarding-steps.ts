import type { AppView } from "../apps/app-view.ts";
import type { Settings } from "../dependencies.ts";
import type { AccountReading, StripeAccount } from "./read-account.ts";
import type { AccountEvents } from "./read-last-event.ts";
import type { TestRefundView } from "./read-test-refund.ts";

/** The way from a new app to one that can rely on refunds, in order. */
export const stepNames = [
  "created",
  "connected",
  "account",
  "history",
  "notifications",
  "events",
  "test_refund",
] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  readonly name: StepName;
  /** `next`: can be done now; `moving`: goes on by itself; `blocked`: not before another step, or somebody else. */
  readonly state: "done" | "next" | "moving" | "blocked";
  /** How it stands. */
  readonly said: string;
  /** What to do; null where nothing is to be done. */
  readonly todo: string | null;
}

/** All that the steps are judged by. */
export interface Facts {
  readonly mode: Settings["mode"];
  readonly app: AppView;
  /** Null while no account is connected. */
  readonly account: AccountReading | null;
  readonly events: AccountEvents;
  readonly testRefund: TestRefundView | null;
}

type Judged = Omit<Step, "name">;

/** How far an app has come, each step with what to do. */
export function stepsOf(facts: Facts): Step[] {
  return stepNames.map((name) => ({ name, ...judges[name](facts) }));
}

const done = (said: string, todo: string | null = null): Judged => ({ state: "done", said, todo });
const next = (said: string, todo: string): Judged => ({ state: "next", said, todo });
const moving = (said: string, todo: string | null = null): Judged => ({ state: "moving", said, todo });
const blocked = (said: string, todo: string): Judged => ({ state: "blocked", said, todo });
const connectFirst = blocked("No Stripe account is connected.", "Connect the account first.");

const judges: Readonly<Record<StepName, (facts: Facts) => Judged>> = {
  created: ({ app }) => done(`${app.name} is here under the slug ${app.slug}, which stays.`),
  connected: ({ app }) => {
    if (app.connection) return done("The app's account is connected with read_write access.");
    const why = app.disconnected ? lostSentences[app.disconnected.reason] : undefined;
    return next(
      why ?? "No Stripe account is connected yet.",
      "Connect it: Stripe asks the account's owner to allow it, and sends you back here.",
    );
  },
  account: ({ account }) => (account === null ? connectFirst : judgeAccount(account)),
  history: ({ app }) => (app.connection ? judgeImport(app.import) : connectFirst),
  notifications: ({ app }) =>
    app.notificationUrl
      ? done("The app is told of each refund, signed.")
      : next(
          "The app is not told of refunds, so it cannot change its customers' access.",
          "Set the address that takes the app's notifications, below. The app checks them with its notification secret.",
        ),
  events: judgeEvents,
  test_refund: judgeTestRefund,
};

const lostSentences: Readonly<Record<string, string>> = {
  operator: "It was disconnected here.",
  deauthorized_at_stripe: "The account's owner disconnected it in Stripe.",
  access_lost: "Stripe no longer gives access to the account.",
};

function judgeAccount(reading: AccountReading): Judged {
  switch (reading.kind) {
    case "no_access":
      return blocked(
        "Stripe says that this platform has no access to the account.",
        "If its owner disconnected it, connect it again. If it concerns all apps, check STRIPE_SECRET_KEY.",
      );
    case "not_readable":
      return done(
        "Connected. The platform's restricted key may not read accounts, so nothing more is known.",
        "Give the key the right to read accounts in the Stripe Dashboard, to see what Stripe asks of the account.",
      );
    case "unreachable":
      return moving(`Stripe could not be asked: ${reading.said}`, "Look again in a minute.");
    case "account":
      return judgeStanding(reading.account);
  }
}

function judgeStanding(account: StripeAccount): Judged {
  const { chargesEnabled, payoutsEnabled, requirementsPastDue, requirementsDue } = account;
  if (chargesEnabled === false || payoutsEnabled === false) {
    return blocked(
      `Stripe has switched ${chargesEnabled === false ? "payments" : "payouts"} off, so refunds fail once the account's balance is used up.`,
      "Its owner has to see to it in the Stripe Dashboard, under Home: Stripe lists there what it needs.",
    );
  }
  const due = [...new Set([...requirementsPastDue, ...requirementsDue])];
  if (due.length > 0) {
    return done(
      "Payments and payouts work.",
      `Stripe wants more of its owner, in the Stripe Dashboard, before it restricts the account: ${due.join(", ")}.`,
    );
  }
  return done("Payments and payouts work, and Stripe asks for nothing more.");
}

const whole = new Intl.NumberFormat("en");

function judgeImport({ status, importedCount, error }: AppView["import"]): Judged {
  const count = `${whole.format(importedCount)} ${importedCount === 1 ? "purchase" : "purchases"}`;
  if (status === "done") return done(`${count} imported; new ones come by themselves.`);
  if (status === "running") {
    return moving(
      `${count} so far.${error === null ? "" : ` Stripe put it off: ${error}`}`,
      "It goes on by itself.",
    );
  }
  if (status === "none") return next("No purchases were imported.", "Import the account's history, below.");
  return next(`The import ended after ${count}: ${error ?? "no reason was kept"}`, "Import it again, below.");
}

function judgeEvents({ app, mode, events: { last, ofOtherMode } }: Facts): Judged {
  if (app.connection === null) return connectFirst;
  if (last !== null && last.status !== "failed") return done(`The last event seen is ${last.type}.`);
  if (last !== null) {
    return blocked(
      `${last.type} came in and could not be handled.`,
      "Open it under Events: it says why, and can be replayed.",
    );
  }
  const other = mode === "live" ? "test" : "live";
  const said =
    ofOtherMode > 0
      ? `Only events of ${other} mode have come from this account. They are kept, and not handled here.`
      : "No event has come from this account yet.";
  return next(said, endpointTodo[mode]);
}

const path = "/api/stripe/webhooks";
const endpointTodo: Readonly<Record<Settings["mode"], string>> = {
  sandbox: "Make a test refund, below: the local Stripe sends its events here.",
  test: `In the Stripe Dashboard, in test mode, add a webhook endpoint for events on connected accounts to ${path} of this desk, and put its secret into STRIPE_CONNECT_WEBHOOK_SECRET; on this machine stripe listen --forward-connect-to does it. Then make a test refund, below.`,
  live: `In the Stripe Dashboard, in live mode, add a webhook endpoint for events on connected accounts to ${path} of this desk, and put its secret into STRIPE_CONNECT_WEBHOOK_SECRET. The next payment shows whether they come.`,
};

function judgeTestRefund({ app, mode, testRefund }: Facts): Judged {
  if (app.connection === null) return connectFirst;
  if (mode === "live") {
    return done(
      "In live mode nothing is charged for a test.",
      "Refund a small purchase of your own: it takes the same way.",
    );
  }
  if (testRefund === null) {
    return next(
      "No refund has gone all the way yet.",
      "Make a test refund: Stripe's test card is charged USD 5.00 on the account, and that charge refunded.",
    );
  }
  return judgeRefund(testRefund);
}

function judgeRefund({ status, error }: TestRefundView): Judged {
  switch (status) {
    case null:
      return next(
        error ?? "The test was begun and did not come to its refund.",
        "Start it again: it goes on where it stopped, and makes no second charge.",
      );
    case "succeeded":
      return done("A test charge was refunded, and Stripe has confirmed it.");
    case "requested":
    case "awaiting_approval":
      return moving(
        "The test refund waits for approval, as the app's policy wants it.",
        "Open it, and have a colleague approve it: nobody approves their own request.",
      );
    case "approved":
    case "executing":
    case "pending":
    case "requires_action":
      return moving("The test refund is on its way at Stripe.");
    default:
      return next(
        `The last test refund is ${status.replaceAll("_", " ")}.`,
        "Open it to see why, then make another one.",
      );
  }
}
