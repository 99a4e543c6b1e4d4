export interface SandboxErrorFields {
  status: number;
  message: string;
  /** Default: `invalid_request_error` below 500, `api_error` from 500 on. */
  type?: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  code?: string | undefined;
  param?: string | undefined;
  /** Further members of the envelope, e.g. `{ charge: "ch_…", decline_code: "…", payment_intent: {…} }`. */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  /**
   * A throw undoes what the request wrote, unless this is set: a declined card answers 402, yet the
   * failed charge and its events stay.
   */
  keepsChanges?: boolean;
}

/**
 * An error that goes out in Stripe's envelope `{ "error": { type, code?, param?, message, … } }`.
 * Source: Stripe API errors; contract section 2.3.
 */
export class SandboxError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly keepsChanges: boolean;
  readonly code: string | undefined;
  readonly #fields: SandboxErrorFields;

  constructor(fields: SandboxErrorFields) {
    super(fields.message);
    this.name = "SandboxError";
    this.status = fields.status;
    this.headers = fields.headers ?? {};
    this.keepsChanges = fields.keepsChanges ?? false;
    this.code = fields.code;
    this.#fields = fields;
  }

  /** The body; `account` and `requestId` make the link to the request log. */
  envelope(account: string | null, requestId: string): { error: Record<string, unknown> } {
    const { code, param, message, extra, status } = this.#fields;
    const type = this.#fields.type ?? (status >= 500 ? "api_error" : "invalid_request_error");
    const dashboard = ["https://dashboard.stripe.com", account, "test"].filter((part) => part !== null);
    const log = `${dashboard.join("/")}/workbench/logs?object=${requestId}`;
    return {
      error: {
        ...(code === undefined
          ? {}
          : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
        message,
        ...(param === undefined ? {} : { param }),
        request_log_url: log,
        ...extra,
        type,
      },
    };
  }
}

/** 404 `resource_missing`: "No such charge: 'ch_x'". `param` is the parameter that named the object. */
export function noSuch(noun: string, id: string, param = "id"): SandboxError {
  return new SandboxError({
    status: 404,
    code: "resource_missing",
    param,
    message: `No such ${noun}: '${id}'`,
  });
}

/** 400 without a code unless given one. */
export function badRequest(message: string, fields: { code?: string; param?: string } = {}): SandboxError {
  return new SandboxError({ status: 400, message, ...fields });
}
