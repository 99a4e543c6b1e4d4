import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { StoredRecord } from "./collection.ts";

/** One write: scope, collection, id, and the record (null = deleted). */
export type JournalEntry = readonly [
  scope: string,
  collection: string,
  id: string,
  record: StoredRecord | null,
];

const lineSchema = z.array(
  z.tuple([
    z.string(),
    z.string(),
    z.string(),
    z.union([z.null(), z.looseObject({ id: z.string(), created: z.number() })]),
  ]),
);

/** How many bytes of entries are gathered before they are written while compacting. */
const CHUNK = 1 << 20;

/**
 * The state on disk: one line per transaction, appended before the answer leaves. A process that is
 * killed loses nothing it answered (the page cache outlives it), and a torn last line is a transaction
 * that never was. Opening compacts the file (write beside, fsync, rename).
 */
export class Journal {
  readonly #path: string;
  #file: number | undefined;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#path = join(directory, "state.jsonl");
  }

  /** Hands over every entry of the stored state, oldest first. */
  async read(take: (entry: JournalEntry) => void): Promise<void> {
    if (!existsSync(this.#path)) return;
    const lines = createInterface({
      input: createReadStream(this.#path),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      if (line === "") continue;
      let decoded: unknown;
      try {
        decoded = JSON.parse(line);
      } catch {
        // Only the line that was being written when the process died can be torn: nothing follows it.
        break;
      }
      for (const entry of lineSchema.parse(decoded)) take(entry);
    }
  }

  /** Replaces the file by these entries and opens it for appending. */
  rewrite(entries: Iterable<JournalEntry>): void {
    this.close();
    const beside = `${this.#path}.new`;
    const file = openSync(beside, "w", 0o600);
    let chunk = "";
    for (const entry of entries) {
      chunk += `${JSON.stringify([entry])}\n`;
      if (chunk.length < CHUNK) continue;
      writeSync(file, chunk);
      chunk = "";
    }
    writeSync(file, chunk);
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, this.#path);
    this.#file = openSync(this.#path, "a", 0o600);
  }

  append(transaction: readonly JournalEntry[]): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(transaction)}\n`);
  }

  close(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
  }
}
