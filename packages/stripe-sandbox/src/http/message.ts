/** A request as read off the wire. */
export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The text after `?`, or "". */
  query: string;
  body: string;
  /** Lower-case names; the first value counts. */
  header: (name: string) => string | undefined;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** "drop": the connection is closed without an answer. */
export type HttpOutcome = HttpResponse | "drop";

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body, null, 2),
  };
}
