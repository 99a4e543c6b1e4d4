import { type HttpResponse, jsonResponse } from "../http/message.ts";

/** The flat error of the OAuth endpoints: `{ "error": "<code>", "error_description": "<text>" }`. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "OAuthError";
    this.code = code;
    this.status = status;
  }

  toResponse(state?: string): HttpResponse {
    const body = {
      error: this.code,
      error_description: this.message,
      ...(state === undefined ? {} : { state }),
    };
    return jsonResponse(this.status, body, { "Cache-Control": "no-store" });
  }
}
