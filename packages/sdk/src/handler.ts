import type { Answer } from "./answer.ts";
import type { Notification, Ping } from "./notification.ts";
import { readBody } from "./read-body.ts";
import type { ReplayGuard, SequenceStore } from "./sequence.ts";
import { VerificationError, type VerifyOptions, verifyNotification } from "./verify.ts";

export interface Message {
  /** The same for each attempt to tell the same fact. */
  readonly id: string;
  readonly sequence: number;
  readonly type: Notification["type"];
  readonly purchase: Notification["data"]["purchase"];
  readonly refund: Notification["data"]["refund"];
}

export interface HandlerOptions extends VerifyOptions {
  /** The app's notification secret, `whsec_…`; several while one is being rotated. */
  secrets: string | readonly string[];
  /** Must leave the customer without access, also when called twice. Returning nothing means `done`. */
  revokeAccess(message: Message): Promise<Answer | undefined>;
  /** Must leave the customer with access, also when called twice: a refund failed after it had succeeded. */
  restoreAccess(message: Message): Promise<Answer | undefined>;
  /** A refund that leaves access as it is, such as a partial one. */
  refundUpdated?(message: Message): Promise<Answer | undefined>;
  sequences: SequenceStore;
  replays?: ReplayGuard;
  /** Why a request was refused, for your log: your secret may be wrong, or somebody tries something. */
  onRefused?(error: VerificationError): void;
}

const statusOf = {
  signature_invalid: 401,
  timestamp_invalid: 401,
  body_invalid: 400,
  body_too_large: 413,
  secret_missing: 500,
} as const;

/**
 * The endpoint that Redress calls: a Web-standard function for any framework that speaks `Request` and
 * `Response`.
 *
 * It answers 200 with `{status}` once your function has returned, 400 for a body it does not know, 401
 * for a wrong signature, and lets through what your function throws, which frameworks answer with 500: Redress
 * then tries again, for days.
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST") {
      return Response.json(
        { error: "Notifications arrive by POST." },
        { status: 405, headers: { allow: "POST" } },
      );
    }
    try {
      const body = await readBody(request);
      const { headers } = request;
      const { id, notification } = await verifyNotification({ headers, body }, options.secrets, options);
      return Response.json(await answerTo(options, id, notification));
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      options.onRefused?.(error);
      return Response.json({ error: error.code, message: error.message }, { status: statusOf[error.code] });
    }
  };
}

async function answerTo(options: HandlerOptions, id: string, received: Notification | Ping): Promise<Answer> {
  if (received.type === "ping") return { status: "done" };
  const before = await options.replays?.read(id);
  if (before) return before;
  const answer = await handle(options, id, received);
  await options.replays?.write(id, answer);
  return answer;
}

async function handle(options: HandlerOptions, id: string, { type, data }: Notification): Promise<Answer> {
  const { sequence, purchase, refund } = data;
  // Equal is not overtaken: the first attempt may have died before it was answered.
  if (sequence < ((await options.sequences.read(purchase)) ?? 0)) return { status: "done" };

  const message: Message = { id, sequence, type, purchase, refund };
  const answer = await dispatch(options, data.access, message);
  await options.sequences.write(purchase, sequence);
  return answer ?? { status: "done" };
}

function dispatch(options: HandlerOptions, access: Notification["data"]["access"], message: Message) {
  switch (access) {
    case "revoke":
      return options.revokeAccess(message);
    case "restore":
      return options.restoreAccess(message);
    case "keep":
      return options.refundUpdated?.(message);
  }
}
