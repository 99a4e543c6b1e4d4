import Stripe from "stripe";
import type { Meter } from "../metrics/meter.ts";
import { observeCalls } from "./observe-calls.ts";

/** The version of Stripe's API that the desk speaks: that of the SDK, whose types describe it. */
export const stripeApiVersion = Stripe.API_VERSION;

/** An answer that takes longer is treated as unknown: far under a proxy's patience, far over Stripe's usual second. */
const defaultTimeoutMs = 15_000;

/**
 * The platform's Stripe client; the connected account is named per call (`stripeAccount`).
 *
 * It sends each request once. The fetch transport is part of that promise: with the default one the SDK
 * re-sends after a reset connection even when retries are off, and an OAuth code sent twice disconnects
 * the merchant (Stripe: OAuth token endpoint, single-use codes).
 *
 * @param options.timeoutMs how long an answer is waited for; 15 seconds unless told
 * @param options.meter counts its calls
 * @param options.apiOrigin where requests go instead of Stripe, e.g. the sandbox: `http://127.0.0.1:4010`
 */
export function createStripeClient(options: {
  secretKey: string;
  apiOrigin?: string;
  timeoutMs?: number;
  meter?: Meter;
}): Stripe {
  return new Stripe(options.secretKey, {
    apiVersion: stripeApiVersion,
    httpClient: Stripe.createFetchHttpClient(observeCalls(options.meter)),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    appInfo: { name: "Redress" },
    ...(options.apiOrigin !== undefined && address(options.apiOrigin)),
  });
}

function address(origin: string): Pick<Stripe.StripeConfig, "host" | "port" | "protocol"> {
  const { hostname, port, protocol } = new URL(origin);
  return protocol === "http:"
    ? { host: hostname, port: port === "" ? 80 : port, protocol: "http" }
    : { host: hostname, port: port === "" ? 443 : port, protocol: "https" };
}
