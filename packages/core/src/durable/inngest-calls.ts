import type { Logger } from "../dependencies.ts";
import type { ErrorCode } from "../errors.ts";

/** Event, answers of steps and what is around them; Inngest ends a run whose state passes 32 MB, and ours stay far below. */
const largestBodyBytes = 4 * 1_048_576;
const stopTimeoutMs = 20_000;

/**
 * Inngest's calls, with what its SDK leaves to whoever serves it: a limit on bodies, bad ones answered in our
 * shape, and an end that waits for running steps.
 *
 * @param given.answer the SDK's handler, which checks the signature
 * @param given.signed whether calls are signed: a call without a signature is then refused unread
 */
export function answerCall(given: {
  answer: (request: Request) => Promise<Response>;
  signed: boolean;
  logger: Logger;
}): {
  serve(request: Request): Promise<Response>;
  /** Takes no new call, and waits for those under way. */
  stop(): Promise<void>;
} {
  const running = new Set<Promise<Response>>();
  let stopping = false;

  function logged(refusal: Response): Response {
    given.logger.warn(
      { status: refusal.status },
      "A call to /api/inngest was refused before it was looked at.",
    );
    return refusal;
  }

  async function answer(request: Request): Promise<Response> {
    if (given.signed && !request.headers.get("x-inngest-signature")) return logged(refuseUnsigned());
    const body = await readLimited(request);
    if (body === null) {
      return logged(refuse(413, "body_too_large", "The body is larger than 4 MiB, which no call is."));
    }
    if (body !== "" && !isJson(body)) return logged(refuse(400, "invalid_input", "The body is not JSON."));
    const { url, method } = request;
    const headers = new Headers(request.headers);
    // The SDK needs one, even where the address is whole.
    headers.set("host", new URL(url).host);
    const answered = await given.answer(new Request(url, { method, headers, ...(body !== "" && { body }) }));
    // The SDK has logged why.
    return answered.status === 401 ? refuseUnsigned() : answered;
  }

  return {
    async serve(request) {
      if (stopping) {
        const gone = refuse(503, "stopping", "This server is stopping. Call again in a few seconds.");
        gone.headers.set("Retry-After", "5");
        return gone;
      }
      const call = answer(request);
      running.add(call);
      return call.finally(() => running.delete(call));
    },
    async stop() {
      stopping = true;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, stopTimeoutMs).unref();
      });
      await Promise.race([Promise.allSettled(running), patience]);
      clearTimeout(timer);
    },
  };
}

function refuseUnsigned(): Response {
  return refuse(
    401,
    "signature_invalid",
    "The signature is missing, older than five minutes, or not of INNGEST_SIGNING_KEY. Compare the key with Inngest's.",
  );
}

function refuse(status: number, code: ErrorCode, message: string): Response {
  return Response.json({ error: { code, message } }, { status, headers: { "Cache-Control": "no-store" } });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Null when it is too long: the rest is never held in memory. */
async function readLimited({ body }: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > largestBodyBytes) {
      await reader?.cancel();
      return null;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}
