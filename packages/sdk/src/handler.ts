import type { Notification } from "./notification.ts";
import type { SequenceStore } from "./sequence.ts";
import { VerificationError, verifyNotification } from "./verify.ts";

/**
 * What the app says back. `done`: access is as asked. `received`: it will be, and `reportAccess` tells
 * when. `declined`: it will not, and why; a person sees it in Redress.
 */
export type Answer = { status: "done" } | { status: "received" } | { status: "declined"; reason: string };

export interface Message {
  /** The same for each attempt to tell the same fact. */
  readonly id: string;
  readonly sequence: number;
  readonly type: Notification["type"];
  readonly purchase: Notification["data"]["purchase"];
  readonly refund: Notification["data"]["refund"];
}

export interface HandlerOptions {
  /** The app's notification secret, `whsec_…`; several while one is being rotated. */
  secrets: string | readonly string[];
  /** Must leave the customer without access, also when called twice. Returning nothing means `done`. */
  revokeAccess(message: Message): Promise<Answer | undefined>;
  /** Must leave the customer with access, also when called twice: a refund failed after it had succeeded. */
  restoreAccess(message: Message): Promise<Answer | undefined>;
  /** A refund that leaves access as it is, such as a partial one. */
  refundUpdated?(message: Message): Promise<Answer | undefined>;
  sequences: SequenceStore;
}

/**
 * The endpoint that Redress calls: a Web-standard function for any framework that speaks `Request` and
 * `Response`.
 *
 * It answers 200 with `{status}` once your function has returned, 400 for a body it does not know, 401
 * for a wrong signature, and 500 when your function throws: Redress then tries again, for days.
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
      const body = await request.text();
      const { id, notification } = verifyNotification({ headers: request.headers, body }, options.secrets);
      return Response.json(await handle(options, id, notification));
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      const status = { signature_invalid: 401, body_invalid: 400, secret_missing: 500 }[error.code];
      return Response.json({ error: error.code, message: error.message }, { status });
    }
  };
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
