import { SortedEntries } from "./sorted-entries.ts";

/** What every stored record has: its id and when it came to be (Unix seconds). Records are never mutated. */
export interface StoredRecord {
  readonly id: string;
  readonly created: number;
}

/** Names a collection, its record type and the fields that it can be looked up by. */
export interface CollectionKind<R extends StoredRecord, I extends string = string> {
  readonly name: string;
  readonly indexes: Readonly<Record<I, (record: R) => string | null | undefined>>;
}

/**
 * Declares a collection, e.g.
 * `defineCollection<Stripe.Refund, "charge">("refunds", { charge: (refund) => refund.charge })`.
 * An index that answers null or undefined leaves the record out of that index.
 */
export function defineCollection<R extends StoredRecord, I extends string = never>(
  name: string,
  indexes: Record<I, (record: R) => string | null | undefined>,
): CollectionKind<R, I> {
  return { name, indexes };
}

/** The records of one kind that belong to one (account, livemode). All lists are newest first. */
export interface Collection<R extends StoredRecord, I extends string = string> {
  readonly size: number;
  get(id: string): R | undefined;
  /** Inserts, or replaces the record of the same id (pass a new object, never a mutated one). */
  put(record: R): R;
  delete(id: string): void;
  all(): R[];
  /** Records whose index has this value, newest first. */
  where(index: I, value: string): R[];
  /** Walks lazily from the newest on, or from the record before/after a cursor. */
  walk(options?: WalkOptions<I>): IterableIterator<R>;
}

export interface WalkOptions<I extends string> {
  index?: { name: I; value: string } | undefined;
  /** Start next to this record (exclusive), which must exist. */
  from?: string | undefined;
  /** "older" (default) walks newest → oldest, "newer" the other way round. */
  direction?: "older" | "newer";
}

interface Change<R> {
  readonly id: string;
  readonly before: R | undefined;
  /** Its place among records of the same second, for putting it back there. */
  readonly sequence: number | undefined;
}

/** The one implementation of {@link Collection}; `onChange` lets the store keep an undo log and a journal. */
export class RecordCollection<R extends StoredRecord, I extends string> implements Collection<R, I> {
  readonly kind: CollectionKind<R, I>;
  readonly #onChange: (change: Change<R>, after: R | undefined) => void;
  readonly #sequence = new Map<string, number>();
  readonly #records = new Map<string, R>();
  readonly #ordered: SortedEntries;
  readonly #indexes = new Map<string, Map<string, SortedEntries>>();
  #next = 0;

  constructor(kind: CollectionKind<R, I>, onChange: (change: Change<R>, after: R | undefined) => void) {
    this.kind = kind;
    this.#onChange = onChange;
    this.#ordered = new SortedEntries();
    for (const name of Object.keys(kind.indexes)) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  put(record: R): R {
    const before = this.#records.get(record.id);
    this.#onChange({ id: record.id, before, sequence: this.#sequence.get(record.id) }, record);
    this.apply(record.id, record);
    return record;
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    this.#onChange({ id, before, sequence: this.#sequence.get(id) }, undefined);
    this.apply(id, undefined);
  }

  /** Takes a change back. */
  undo({ id, before, sequence }: Change<R>): void {
    this.apply(id, before, sequence);
  }

  /** Writes without telling anyone: for undoing and for loading. */
  apply(id: string, after: R | undefined, place?: number): void {
    const before = this.#records.get(id);
    const sequence = this.#sequence.get(id) ?? place ?? this.#next++;
    if (before !== undefined && (after === undefined || before.created !== after.created)) {
      this.#ordered.remove({ id, created: before.created, sequence });
    }
    this.#reindex(before, after, { id, sequence });
    if (after === undefined) {
      this.#records.delete(id);
      this.#sequence.delete(id);
      return;
    }
    if (before === undefined || before.created !== after.created) {
      this.#ordered.add({ id, created: after.created, sequence });
    }
    this.#records.set(id, after);
    this.#sequence.set(id, sequence);
  }

  #reindex(before: R | undefined, after: R | undefined, entry: { id: string; sequence: number }): void {
    for (const [name, entries] of this.#indexes) {
      const key = this.kind.indexes[name as I];
      const old = before === undefined ? undefined : (key(before) ?? undefined);
      const now = after === undefined ? undefined : (key(after) ?? undefined);
      if (old === now && before?.created === after?.created) continue;
      if (before !== undefined && old !== undefined) {
        const list = entries.get(old);
        list?.remove({ ...entry, created: before.created });
        if (list?.size === 0) entries.delete(old);
      }
      if (after !== undefined && now !== undefined) {
        const list = entries.get(now) ?? new SortedEntries();
        list.add({ ...entry, created: after.created });
        entries.set(now, list);
      }
    }
  }

  all(): R[] {
    return [...this.walk()];
  }

  where(index: I, value: string): R[] {
    return [...this.walk({ index: { name: index, value } })];
  }

  *walk(options: WalkOptions<I> = {}): IterableIterator<R> {
    const { index, from, direction = "older" } = options;
    const entries = index === undefined ? this.#ordered : this.#indexes.get(index.name)?.get(index.value);
    if (entries === undefined) return;
    const start = from === undefined ? undefined : this.#position(from);
    for (const id of entries.walk(direction, start)) {
      const record = this.#records.get(id);
      if (record !== undefined) yield record;
    }
  }

  #position(id: string): { id: string; created: number; sequence: number } {
    const record = this.#records.get(id);
    const sequence = this.#sequence.get(id);
    if (record === undefined || sequence === undefined) {
      throw new Error(`${this.kind.name} has no ${id} to start from`);
    }
    return { id, created: record.created, sequence };
  }
}
