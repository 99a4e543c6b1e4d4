import Stripe from "stripe";
import { z } from "zod";
import type { Settings } from "../dependencies.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, failed } = findingsOf("webhooks");
const patienceMs = 10_000;
/** Signed, and no event: what is refused for its body, and for nothing else, was let through for its signature. */
const body = JSON.stringify({ object: "redress.self_test" });
const answerSchema = z.object({ error: z.object({ code: z.string() }) });

/** Sends each endpoint's secret a signed message by the public address, as Stripe does. Nothing is stored by it. */
export async function examineWebhooks({ publicUrl, stripe }: Settings): Promise<Finding[]> {
  const url = `${publicUrl}/api/stripe/webhooks`;
  const findings: Finding[] = [];
  for (const [variable, secrets] of [
    ["STRIPE_WEBHOOK_SECRET", stripe.platformWebhookSecrets],
    ["STRIPE_CONNECT_WEBHOOK_SECRET", stripe.connectWebhookSecrets],
  ] as const) {
    for (const [index, secret] of secrets.entries()) {
      const name = secrets.length === 1 ? variable : `${variable} (number ${index + 1})`;
      findings.push(await send(url, name, secret));
    }
  }
  return findings;
}

async function send(url: string, name: string, secret: string): Promise<Finding> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload: body, secret }),
      },
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch {
    return failed({
      sentence: `Nothing answers at ${url}.`,
      mend: "Start Redress, and have NEXT_PUBLIC_URL, DNS, certificate and proxy lead there; Stripe goes the same way.",
    });
  }
  const code = answerSchema.safeParse(await response.json().catch(() => null)).data?.error.code;
  if (code === "webhook_body_invalid") return ok(`What is signed with ${name} is taken at ${url}.`);
  if (code === "webhook_signature_invalid") {
    return failed({
      sentence: `The server at ${url} refuses what is signed with ${name}.`,
      mend: "Start it with the same secrets as this command; if they are the same, a proxy changes bodies, or its clock is five minutes off.",
    });
  }
  return failed({
    sentence: `Something else than Redress answers at ${url} (HTTP ${response.status}).`,
    mend: "Have the proxy lead /api/stripe/webhooks to Redress, without a redirect and without a login in front.",
  });
}
