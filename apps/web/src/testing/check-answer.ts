import { errorsOf } from "../openapi/errors-of.ts";
import { operationOf } from "../openapi/operations.ts";
import { documentedRoutes } from "./documented-routes.ts";

const guards = new Map(
  (await documentedRoutes()).map(({ method, path, guard }) => [`${method} ${path}`, guard]),
);
/** Answered by the server before any route is asked. */
const ofServer = new Set(["starting", "invalid_input"]);

/**
 * Compares what the running desk answered with what its description promises, so that the document cannot lie:
 * each test that speaks REST checks it.
 *
 * @throws Error naming the call, for a body or an error code that is not described
 */
export function checkAnswer(
  method: string,
  path: string,
  answer: { status: number; json: unknown; code: string | null },
): void {
  const found = operationOf(method, path);
  const guard = found && guards.get(found.name);
  if (!found || !guard || answer.json === null) return;
  const { name, operation } = found;
  if (answer.code !== null) {
    const known: readonly string[] = errorsOf(guard, operation);
    if (known.includes(answer.code) || ofServer.has(answer.code)) return;
    throw new Error(`${name} answered ${answer.code}, which its description does not name.`);
  }
  if (answer.status >= 300) return;
  const parsed = operation.answer.safeParse(answer.json);
  if (parsed.success) return;
  throw new Error(`${name} answered what its description does not: ${parsed.error.message}`);
}
