import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { counted } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { askDesk } from "./ask-desk.ts";
import { askOnce } from "./ask-once.ts";
import { headOf, isInVain, linesOf } from "./bulk-lines.ts";
import { type Connection, readConnection } from "./connection.ts";
import { readLimit, readWords } from "./read-words.ts";
import { print, type RemoteCommand } from "./remote-command.ts";
import { bulkShape, oneBulkShape } from "./shapes.ts";
import { watchBulk } from "./watch-bulk.ts";

const next = "See npm run redress -- bulk --help.";
const path = "/api/v1/bulk-refunds";
const option = { type: "string" } as const;
const listShape = z.looseObject({ bulkRefunds: z.array(bulkShape), nextCursor: z.string().nullable() });
const theList = ["the list, blk_…"] as const;

/** `bulk create --app <slug> (--csv <file> | --search <words>)`. @throws UsageError */
export function createBulk(words: readonly string[]): RemoteCommand {
  const options = {
    ...{ app: option, csv: option, search: option },
    ...{ reason: option, note: option, "request-id": option },
  } as const;
  const { values } = readWords(words, options, [], next);
  const { app, csv: file, search: filter, reason, note } = values;
  if (app === undefined) throw new UsageError(`Name the app: --app <slug>. ${next}`);
  if ((file === undefined) === (filter === undefined)) {
    throw new UsageError(`Say which purchases: either --csv <file> or --search <words>. ${next}`);
  }
  const requestId = values["request-id"] ?? `cli-${randomUUID()}`;
  return async ({ terminal, environment }) => {
    const csv = file === undefined ? undefined : await readCsvFile(file);
    const connection = await readConnection(values.url, environment);
    terminal.err.write(`Request id: ${requestId}\n`);
    const body = { app, csv, filter, reason, note };
    const answer = await askOnce(connection, { path, body, requestId }, oneBulkShape);
    const { bulkRefund, repeated } = answer;
    print(terminal, values.json, { ...answer, requestId }, [
      headOf(bulkRefund),
      ...(repeated ? ["It had been asked for before: nothing new was made."] : []),
      "Its lines are judged now. Then a signed-in person approves exactly that list, in the console:",
      pageOf(connection, bulkRefund.id),
      `How far it is: redress bulk show ${bulkRefund.id} --watch`,
    ]);
    return 0;
  };
}

async function readCsvFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new UsageError(`${file} cannot be read${why}. ${next}`);
  }
}

/** `bulk list`. @throws UsageError */
export function listBulks(words: readonly string[]): RemoteCommand {
  const { values } = readWords(words, { limit: option, cursor: option, status: option }, [], next);
  const { status, cursor, url, json } = values;
  const query = { status, cursor, limit: readLimit(values.limit, next) };
  return async ({ terminal, environment }) => {
    const answer = await askDesk(await readConnection(url, environment), { path, query }, listShape);
    print(terminal, json, answer, answer.bulkRefunds.map(headOf));
    if (!json) {
      const more = answer.nextCursor === null ? "" : ` There is more: --cursor ${answer.nextCursor}`;
      terminal.err.write(`${counted(answer.bulkRefunds.length, "list")}.${more}\n`);
    }
    return 0;
  };
}

/** `bulk show <blk_…>`, with `--watch` until it has ended. @throws UsageError */
export function showBulk(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, { watch: { type: "boolean" } }, theList, next);
  return async (remote) => {
    const { terminal, environment, stopping } = remote;
    const connection = await readConnection(values.url, environment);
    const ask = () => askDesk(connection, { path: pathOf(given[0]) }, oneBulkShape);
    const answer = values.watch ? await watchBulk(remote, ask) : await ask();
    const { bulkRefund } = answer;
    print(terminal, values.json, answer, [...linesOf(bulkRefund), pageOf(connection, bulkRefund.id)]);
    if (values.watch && stopping.aborted) return 130;
    return isInVain(bulkRefund) ? 1 : 0;
  };
}

/** `bulk withdraw <blk_…>`, before it is approved. @throws UsageError */
export function withdrawBulk(words: readonly string[]): RemoteCommand {
  const { values, given } = readWords(words, {}, theList, next);
  return async ({ terminal, environment }) => {
    const connection = await readConnection(values.url, environment);
    const question = { method: "POST", path: `${pathOf(given[0])}/withdraw`, body: {} } as const;
    const answer = await askDesk(connection, question, oneBulkShape);
    print(terminal, values.json, answer, [headOf(answer.bulkRefund)]);
    return 0;
  };
}

/** What people may type here in good faith: a key may not do it. */
export function forPeople(): never {
  throw new UsageError(
    "A key can never approve, reject, pause, let go on or cancel a list, and is not shown its lines, which name customers. A signed-in person does that on the list's page in the console.",
  );
}

const pathOf = (id: string | undefined) => `${path}/${encodeURIComponent(id ?? "")}`;
const pageOf = ({ url }: Connection, id: string) => new URL(`/bulk-refunds/${id}`, url).href;
