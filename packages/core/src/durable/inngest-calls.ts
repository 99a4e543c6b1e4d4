import type { Logger } from "../dependencies.ts";
import type { ErrorCode } from "../errors.ts";
import { chunksOf, type RawBody, withRawBody } from "../raw-body.ts";

/** Event, answers of steps and what is around them; Inngest ends a run whose state passes 32 MB, and ours stay far below. */
const largestBodyBytes = 4 * 1_048_576;
/** Inngest's SDK takes a signature for five minutes, a clock of ours that is behind included. */
const toleranceSeconds = 300;
const stopTimeoutMs = 20_000;

/**
 * Inngest's calls, with what its SDK leaves to whoever serves it: a limit on bodies, bad ones answered in our
 * shape, and an end that waits for running steps.
 *
 * @param given.answer the SDK's handler, which checks the signature
 * @param given.signed whether calls are signed: one without a signature of these minutes is then refused unread
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
    if (given.signed && !isRecentSignature(request.headers.get("x-inngest-signature"))) {
      return logged(refuseUnsigned());
    }
    const announced = request.headers.get("content-length");
    const body = chunksOf(request);
    return withRawBody({ body, announced, maximumBytes: largestBodyBytes }, (raw) =>
      answerBody(request, raw),
    );
  }

  async function answerBody({ url, method, headers: sent }: Request, raw: RawBody): Promise<Response> {
    if (raw.bytes === null) return logged(refuseBody(raw.why));
    const body = raw.bytes.toString("utf8");
    if (body !== "" && !isJson(body)) return logged(refuse(400, "invalid_input", "The body is not JSON."));
    const headers = new Headers(sent);
    // The SDK needs one, even where the address is whole.
    headers.set("host", new URL(url).host);
    const answered = await given.answer(new Request(url, { method, headers, ...(body !== "" && { body }) }));
    // The SDK has logged why.
    return answered.status === 401 ? refuseUnsigned() : answered;
  }

  return {
    async serve(request) {
      if (stopping) {
        return refuseForNow("stopping", "This server is stopping. Call again in a few seconds.");
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

function refuseBody(why: Exclude<RawBody, { bytes: Buffer }>["why"]): Response {
  switch (why) {
    case "too_large":
      return refuse(413, "body_too_large", "The body is larger than 4 MiB, which no call is.");
    case "incomplete":
      return refuse(400, "invalid_input", "The body ended before its announced length. Send it again.");
    case "no_room":
      return refuseForNow("bodies_overloaded", "More is sent at once than can be held. Call again later.");
  }
}

function refuseForNow(code: ErrorCode, message: string): Response {
  const refusal = refuse(503, code, message);
  refusal.headers.set("Retry-After", "5");
  return refusal;
}

/** `t=<seconds>&s=<hex>` (SDK 4.24.0, `helpers/net.js`): whether it fits the body is the SDK's to say. */
function isRecentSignature(header: string | null): boolean {
  const [, seconds] = /^t=(\d{1,12})&s=[0-9a-f]{64}$/.exec(header ?? "") ?? [];
  return seconds !== undefined && Math.abs(Date.now() / 1_000 - Number(seconds)) <= toleranceSeconds;
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
