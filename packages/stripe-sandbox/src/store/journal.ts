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
import type { StoredRecord } from "./collection.ts";
import { lockFolder } from "./folder-lock.ts";

/** One write: scope, collection, id, and the record (null = deleted). */
export type JournalEntry = readonly [
  scope: string,
  collection: string,
  id: string,
  record: StoredRecord | null,
];

function isRecord(value: unknown): value is StoredRecord {
  return typeof value === "object" && value !== null && "id" in value && "created" in value;
}

/** By hand: a schema library takes seconds for a million entries. */
function isEntry(value: unknown): value is JournalEntry {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [scope, collection, id, record] = value;
  const isNamed = [scope, collection, id].every((part) => typeof part === "string");
  return isNamed && (record === null || isRecord(record));
}

/** @throws Error for a line that is JSON, but not ours */
function readLine(decoded: unknown, path: string): JournalEntry[] {
  if (Array.isArray(decoded) && decoded.every(isEntry)) return decoded;
  throw new Error(`${path} is not the state of a sandbox. Choose another folder, or remove the file.`);
}

/** Longer texts are written in several pieces: a string has a limit, and so has memory. */
const CHUNK = 1 << 20;

/** Begins a line whose transaction goes on in the next one. */
const CONTINUED = "+";

/**
 * The state on disk: one line per transaction (a huge one: several), appended before the answer leaves.
 * A process that is killed loses nothing it answered (the page cache outlives it), and a transaction
 * whose last line is missing or torn never was. Opening compacts the file (write beside, fsync, rename).
 */
export class Journal {
  readonly #path: string;
  readonly #unlock: () => void;
  #file: number | undefined;

  /** @throws Error when a running sandbox uses the folder */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#unlock = lockFolder(directory);
    this.#path = join(directory, "state.jsonl");
  }

  /** Hands over every entry of the stored state, oldest first. */
  async read(take: (entry: JournalEntry) => void): Promise<void> {
    if (!existsSync(this.#path)) return;
    const lines = createInterface({
      input: createReadStream(this.#path),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    const transaction: JournalEntry[] = [];
    for await (const line of lines) {
      if (line === "") continue;
      const isContinued = line.startsWith(CONTINUED);
      let decoded: unknown;
      try {
        decoded = JSON.parse(isContinued ? line.slice(CONTINUED.length) : line);
      } catch {
        // Only the line that was being written when the process died can be torn: nothing follows it.
        break;
      }
      for (const entry of readLine(decoded, this.#path)) transaction.push(entry);
      if (!isContinued) for (const entry of transaction.splice(0)) take(entry);
    }
  }

  /** Replaces the file by these entries and opens it for appending. */
  rewrite(entries: Iterable<JournalEntry>): void {
    this.#closeFile();
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
    if (this.#file === undefined) return;
    let line = "";
    for (const entry of transaction) {
      if (line.length > CHUNK) {
        writeSync(this.#file, `${CONTINUED}[${line}]\n`);
        line = "";
      }
      line += `${line === "" ? "" : ","}${JSON.stringify(entry)}`;
    }
    writeSync(this.#file, `[${line}]\n`);
  }

  close(): void {
    this.#closeFile();
    this.#unlock();
  }

  #closeFile(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
  }
}
