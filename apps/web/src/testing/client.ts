import { neverLogged } from "@redress/core/testing/run-logs";
import { z } from "zod";
import { checkAnswer } from "./check-answer.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `error.code` of our error shape; null when the answer is none. */
  readonly code: string | null;
  /** The JSON body as the schema has it. */
  as<Output>(schema: z.ZodType<Output>): Output;
}

/** What an answer shows once: keys, links and secrets. */
const shownOnce = /"(?:secret|token|key|notificationSecret)":"([^"\\]{16,})"/g;

const errorShape = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(10),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** The body; of a stream without an end nothing, and it is left. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response.text();
  // Not waited for: it ends when the connection does.
  response.body?.cancel().catch(() => {});
  return "";
}

/** Speaks HTTP with the desk as one browser would: keeps cookies, names its origin, follows no redirect. */
export class Client {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  readonly #from: Record<string, string>;

  /** @param address where it is, as a proxy in front would say; attempts are counted by it */
  constructor(url: string, address?: string) {
    this.#url = url;
    this.#from = address === undefined ? {} : { "x-forwarded-for": address };
  }

  /** @param init.headers over the usual ones; "" leaves one out */
  async send(
    method: string,
    path: string,
    body?: unknown,
    init: { headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await this.open(method, path, body, init);
    const text = await textOf(response);
    neverLogged(...[...text.matchAll(shownOnce)].map(([, secret]) => secret));
    const json = response.headers.get("content-type")?.startsWith("application/json")
      ? JSON.parse(text)
      : null;
    const code = errorShape.safeParse(json).data?.error.code ?? null;
    checkAnswer(method, path, { status: response.status, json, code });
    return {
      status: response.status,
      headers: response.headers,
      text,
      code,
      as: (schema) => schema.parse(json),
    };
  }

  /** As `send`, for a body that is read while it comes. */
  async open(
    method: string,
    path: string,
    body?: unknown,
    init: { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const headers = new Headers({ origin: this.#url, "content-type": "application/json" });
    headers.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    for (const [name, value] of Object.entries({ ...this.#from, ...init.headers })) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const response = await fetch(this.#url + path, {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      this.#cookies.set(name, value);
      // A theme is no secret.
      if (value.length >= 16) neverLogged(value);
    }
    return response;
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  post(path: string, body: unknown = {}, init: { headers?: Record<string, string> } = {}): Promise<Answer> {
    return this.send("POST", path, body, init);
  }

  async signIn(email: string, password: string): Promise<Answer> {
    return this.post("/api/auth/sign-in/email", { email, password });
  }
}
