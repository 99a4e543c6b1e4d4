import http from "node:http";
import https from "node:https";

/** Real milliseconds; Stripe's own limit is not published. Source: contract section 5.2, UNCONFIRMED. */
const TIMEOUT_MS = 10_000;

/** Posts webhook bodies over kept-alive connections; redirects are not followed. */
export class WebhookSender {
  readonly #agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };
  readonly #closing = new AbortController();

  /** The status of the answer; null when there was none (refused, reset, timed out, closed meanwhile). */
  send(url: string, body: string, signature: string): Promise<number | null> {
    const target = new URL(url);
    const secure = target.protocol === "https:";
    return new Promise((resolve) => {
      const request = (secure ? https : http).request(target, {
        method: "POST",
        agent: this.#agents[secure ? "https:" : "http:"],
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "Content-Length": Buffer.byteLength(body),
          "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
          Accept: "*/*; q=0.5, application/xml",
          "Cache-Control": "no-cache",
          "Stripe-Signature": signature,
        },
      });
      request.on("response", (response) => {
        response.on("error", () => resolve(null));
        response.on("close", () => resolve(response.complete ? (response.statusCode ?? null) : null));
        response.resume();
      });
      request.on("error", () => resolve(null));
      request.end(body);
    });
  }

  close(): void {
    this.#closing.abort();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}
