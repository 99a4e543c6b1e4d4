import type { WireAnswer } from "./sent-refunds.ts";

/** What something between the desk and Stripe answers in its own words: it knows nothing of the request. */
export const gatewayFaults = [
  "stripe_gateway_429",
  "stripe_gateway_429_after",
  "stripe_gateway_409",
  "stripe_gateway_409_after",
] as const;
export type GatewayFault = (typeof gatewayFaults)[number];

/** Whether Stripe had executed the request all the same. */
export function isAfterwards(fault: GatewayFault): boolean {
  return fault.endsWith("_after");
}

export function gatewayAnswer(fault: GatewayFault): WireAnswer {
  return {
    status: fault.startsWith("stripe_gateway_429") ? 429 : 409,
    headers: [["content-type", "text/html"]],
    body: "<html>Slow down</html>",
  };
}
