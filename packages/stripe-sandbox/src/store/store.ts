import { SandboxError } from "../errors.ts";
import { type Collection, type CollectionKind, RecordCollection, type StoredRecord } from "./collection.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { type Scope, scopeKey } from "./scope.ts";

interface Change {
  readonly entry: JournalEntry;
  readonly undo: () => void;
}

/** A collection as the store sees it: untyped records, for loading and compaction. */
interface Shelf {
  readonly scope: string;
  readonly kind: { readonly name: string };
  readonly collection: unknown;
  readonly records: () => Iterable<StoredRecord>;
}

/**
 * All state, in memory, as typed collections per (account, livemode). Writes happen in transactions:
 * synchronous, all or nothing, journalled as one line when the outermost one ends.
 */
export class Store {
  readonly #journal: Journal | undefined;
  readonly #shelves = new Map<string, Shelf>();
  /** Loaded records whose collection nobody has asked for yet: only the asker knows its indexes. */
  readonly #loaded = new Map<string, Map<string, StoredRecord>>();
  #changes: Change[] = [];
  #depth = 0;

  constructor(journal?: Journal) {
    this.#journal = journal;
  }

  /** Reads the stored state and compacts it. Call once, before anything else. */
  async open(): Promise<void> {
    if (this.#journal === undefined) return;
    await this.#journal.read(([scope, collection, id, record]) => {
      const key = `${scope}/${collection}`;
      const records = this.#loaded.get(key) ?? new Map<string, StoredRecord>();
      this.#loaded.set(key, records);
      if (record === null) records.delete(id);
      else records.set(id, record);
    });
    this.#journal.rewrite(this.#everything());
  }

  close(): void {
    this.#journal?.close();
  }

  collection<R extends StoredRecord, I extends string>(
    scope: Scope,
    kind: CollectionKind<R, I>,
  ): Collection<R, I> {
    const key = `${scopeKey(scope)}/${kind.name}`;
    const shelf = this.#shelves.get(key);
    if (shelf !== undefined) {
      if (shelf.kind !== kind) throw new Error(`two kinds of collection are called ${kind.name}`);
      // The kind is the same object, so the collection has its record type.
      return shelf.collection as RecordCollection<R, I>;
    }
    const collection = new RecordCollection<R, I>(kind, (change, after) => {
      this.#write({
        entry: [scopeKey(scope), kind.name, change.id, after ?? null],
        undo: () => collection.undo(change),
      });
    });
    // Our own journal wrote these records, from a collection of this name and hence this type.
    for (const [id, record] of this.#loaded.get(key) ?? []) collection.apply(id, record as R);
    this.#loaded.delete(key);
    this.#shelves.set(key, {
      scope: scopeKey(scope),
      kind,
      collection,
      records: () => collection.walk({ direction: "newer" }),
    });
    return collection;
  }

  /**
   * Runs the work as one transaction. Nested ones are savepoints: a throw undoes what its own work wrote
   * (unless the error keeps its changes), and the outermost end writes what is left to the journal.
   */
  transaction<T>(work: () => T): T {
    const mark = this.#changes.length;
    this.#depth += 1;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SandboxError && error.keepsChanges)) this.#undoTo(mark);
      throw error;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#commit();
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#shelves.clear();
    this.#loaded.clear();
    this.#changes = [];
    this.#journal?.rewrite([]);
  }

  #write(change: Change): void {
    if (this.#depth === 0) throw new Error("a write outside of a transaction");
    this.#changes.push(change);
  }

  #undoTo(mark: number): void {
    for (const change of this.#changes.splice(mark).reverse()) change.undo();
  }

  #commit(): void {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0) this.#journal?.append(changes.map((change) => change.entry));
  }

  *#everything(): Iterable<JournalEntry> {
    for (const [key, records] of this.#loaded) {
      const [scope = "", collection = ""] = key.split("/");
      for (const [id, record] of records) yield [scope, collection, id, record];
    }
    for (const { scope, kind, records } of this.#shelves.values()) {
      for (const record of records()) yield [scope, kind.name, record.id, record];
    }
  }
}
