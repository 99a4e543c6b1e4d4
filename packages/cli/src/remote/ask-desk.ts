import { z } from "zod";
import type { Connection } from "./connection.ts";
import { DeskError } from "./desk-error.ts";

const timeoutMs = 30_000;
const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

export interface Question {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks a running desk over REST.
 *
 * @returns the whole answer; `shape` names what the command reads of it
 * @throws DeskError with the desk's own code and sentence; `desk_unreachable` when none answers
 */
export async function askDesk<Answer extends object>(
  connection: Connection,
  question: Question,
  shape: z.ZodType<Answer>,
): Promise<Answer> {
  const { status, json } = await send(connection, question);
  const refused = errorShape.safeParse(json);
  if (refused.success) {
    const { code, message, details } = refused.data.error;
    throw new DeskError(code, message, details === undefined ? {} : { details });
  }
  const answer = shape.safeParse(json);
  if (status < 300 && answer.success) return answer.data;
  throw new DeskError(
    "desk_unreachable",
    `What answers at ${connection.url} is no desk of this version (${status}).`,
  );
}

async function send(
  { url, key }: Connection,
  { method = "GET", path, query = {}, body, headers, signal }: Question,
): Promise<{ status: number; json: unknown }> {
  const address = new URL(path, url);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      // The key goes to this desk and nowhere else.
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: readJson(text) };
  } catch (cause) {
    throw new DeskError(
      "desk_unreachable",
      `No desk answers at ${url}. Check the address and that it runs.`,
      {
        cause,
      },
    );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
