import { z } from "zod";

export interface Desk {
  /** Where Redress runs, e.g. `https://refunds.example.com`. https, but on this machine. */
  readonly url: string;
  /** An agent's key, `redress_agent_…`. */
  readonly key: string;
  readonly fetch?: typeof fetch;
}

/** The desk did not answer, or not as one does. Whether it did what was asked is not known: ask `getRefund`. */
export class DeskUnreachableError extends Error {
  override readonly name = "DeskUnreachableError";
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const timeoutMs = 60_000;

const answerShape = z.union([
  z.object({ result: z.looseObject({}) }),
  z.object({ error: z.object({ message: z.string() }) }),
]);

/**
 * Sends one message of the Model Context Protocol and waits for its answer. The desk keeps no sessions.
 *
 * @throws DeskUnreachableError; Error with the desk's own sentence where it refuses the message, e.g. the key
 */
export async function askDesk(
  desk: Desk,
  message: { method: string; params?: object },
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const endpoint = endpointOf(desk);
  let answer: unknown;
  try {
    const response = await (desk.fetch ?? fetch)(endpoint, {
      method: "POST",
      headers: {
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${desk.key}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
      // The key goes to this desk and nowhere else.
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    answer = await response.json();
  } catch (cause) {
    const sentence = `The desk at ${desk.url} did not answer. Nobody knows yet what became of the call.`;
    throw new DeskUnreachableError(sentence, { cause });
  }
  const parsed = answerShape.safeParse(answer);
  if (!parsed.success) throw new DeskUnreachableError(`What answers at ${desk.url} is no desk.`);
  if ("error" in parsed.data) throw new Error(parsed.data.error.message);
  return parsed.data.result;
}

function endpointOf({ url }: Desk): URL {
  const { protocol, hostname, origin } = new URL(url);
  if (protocol === "https:" || (protocol === "http:" && loopback.test(hostname))) {
    return new URL("/api/mcp", origin);
  }
  throw new Error(`The desk's address ${origin} must begin with https://, so that the key stays secret.`);
}
