import { randomUUID } from "node:crypto";
import Stripe from "stripe";
import { afterAll, test } from "vitest";
import { type SandboxOptions, startSandbox } from "../src/index.ts";
import { Admin } from "./admin.ts";

const realKey = process.env.STRIPE_TEST_KEY;
const realAccount = process.env.STRIPE_TEST_CONNECTED_ACCOUNT;
if (realKey !== undefined && !/^(sk|rk)_test_/.test(realKey)) {
  throw new Error("STRIPE_TEST_KEY must be a test mode key: this suite makes charges and refunds.");
}
if (realKey !== undefined && realAccount === undefined) {
  throw new Error(
    "Set STRIPE_TEST_CONNECTED_ACCOUNT to a test account connected to the platform of STRIPE_TEST_KEY.",
  );
}

export const againstRealStripe = realKey !== undefined;

/**
 * A fact that real Stripe cannot be made to show on demand: it needs a fault, a moved clock, the merchant's or
 * the bank's hand, a webhook that reaches this machine, or an account nobody else writes to.
 */
export const sandboxOnly = test.skipIf(againstRealStripe);

export interface Target {
  origin: string;
  key: string;
  /** Connected account that the platform may write to; nothing else happens on it in the sandbox. */
  account: string;
  /** Request options that act on the connected account. */
  on: { stripeAccount: string };
  /** Platform client: one attempt, no telemetry. */
  stripe: Stripe;
  /** Only with the sandbox: throws against real Stripe. */
  admin: Admin;
  client(key: string, config?: Partial<Stripe.StripeConfig>): Stripe;
  raw(method: string, path: string, options?: RawRequest): Promise<RawResponse>;
}

export interface RawRequest {
  /** Form body exactly as sent. */
  body?: string;
  /** `null` sends no Authorization header. */
  authorization?: string | null;
  account?: string;
  headers?: Record<string, string>;
}

export interface RawResponse {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed body, `undefined` when it is not JSON. */
  json: unknown;
}

/** A fresh sandbox for the calling file, closed after it; or real Stripe when STRIPE_TEST_KEY is set. */
export async function openTarget(options: SandboxOptions = {}): Promise<Target> {
  if (realKey !== undefined && realAccount !== undefined) {
    return describeTarget("https://api.stripe.com", realKey, realAccount, undefined);
  }
  const sandbox = await startSandbox(options);
  afterAll(() => sandbox.close());
  const admin = new Admin(sandbox.origin);
  const connected = await admin.newAccount({
    business_name: "Contract Shop",
    country: "US",
    default_currency: "usd",
  });
  return describeTarget(sandbox.origin, sandbox.platform.secretKey, connected.id, admin);
}

function describeTarget(origin: string, key: string, account: string, admin: Admin | undefined): Target {
  const client = (secretKey: string, config: Partial<Stripe.StripeConfig> = {}) =>
    new Stripe(secretKey, { ...address(origin), maxNetworkRetries: 0, telemetry: false, ...config });
  return {
    origin,
    key,
    account,
    on: { stripeAccount: account },
    stripe: client(key),
    client,
    get admin() {
      if (!admin) throw new Error("This fact needs the sandbox's admin API: name it with sandboxOnly().");
      return admin;
    },
    raw: (method, path, request = {}) => sendRaw(`${originOf(path, origin)}${path}`, method, key, request),
  };
}

/** Client settings that send every request of the SDK to `origin`. */
export function address(origin: string): Pick<Stripe.StripeConfig, "host" | "port" | "protocol"> {
  const { hostname, port, protocol } = new URL(origin);
  if (protocol === "https:") return { host: hostname };
  return { host: hostname, port, protocol: "http" };
}

/** Real Stripe serves OAuth from an origin of its own; the sandbox serves both from one. */
function originOf(path: string, origin: string): string {
  return againstRealStripe && path.startsWith("/oauth/") ? "https://connect.stripe.com" : origin;
}

async function sendRaw(url: string, method: string, key: string, request: RawRequest): Promise<RawResponse> {
  const authorization = request.authorization === undefined ? `Bearer ${key}` : request.authorization;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(authorization !== null && { Authorization: authorization }),
      ...(request.account !== undefined && { "Stripe-Account": request.account }),
      ...(method === "POST" && { "Content-Type": "application/x-www-form-urlencoded" }),
      // Without it real Stripe answers in the account's own default version.
      ...(againstRealStripe && { "Stripe-Version": Stripe.API_VERSION }),
      ...request.headers,
    },
    ...(request.body !== undefined && { body: request.body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function newKey(): string {
  return `contract-${randomUUID()}`;
}

/** What came of a call that must not succeed, all members present so that `undefined` can be asserted. */
export interface Refusal {
  /** Class of the SDK's error. */
  as: string;
  status: number | undefined;
  type: string | undefined;
  code: string | undefined;
  param: string | undefined;
  message: string;
  docUrl: string | undefined;
  requestId: string | undefined;
  error: Stripe.errors.StripeError;
}

/** The Stripe error a call ends in. @throws when the call succeeds, or fails with anything else. */
export async function refusal(call: PromiseLike<unknown>): Promise<Refusal> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    return {
      as: error.type,
      status: error.statusCode,
      type: error.rawType,
      code: error.code,
      param: error.param,
      message: error.message,
      docUrl: error.doc_url,
      requestId: error.requestId,
      error,
    };
  }
  throw new Error(`Expected a Stripe error, got ${JSON.stringify(answer)?.slice(0, 300)}`);
}
