export interface Entry {
  readonly id: string;
  readonly created: number;
  readonly sequence: number;
}

function compare(a: Entry, b: Entry): number {
  return a.created - b.created || a.sequence - b.sequence;
}

/**
 * Ids in order of creation (ties: order of insertion). Appending in order costs O(1), which is the
 * normal case; an older entry only marks the list for sorting at the next read.
 */
export class SortedEntries {
  #entries: Entry[] = [];
  #sorted = true;

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    const last = this.#entries.at(-1);
    if (last !== undefined && compare(last, entry) > 0) this.#sorted = false;
    this.#entries.push(entry);
  }

  remove(entry: Entry): void {
    this.#sort();
    const at = this.#firstNotBefore(entry);
    if (this.#entries[at]?.id === entry.id) this.#entries.splice(at, 1);
  }

  /** Ids next to `from` (exclusive) towards older or newer ones; without `from`, from that direction's start. */
  *walk(direction: "older" | "newer", from?: Entry): IterableIterator<string> {
    this.#sort();
    // A walk survives writes made while it runs: it reads the list as it was.
    const entries = this.#entries;
    const step = direction === "older" ? -1 : 1;
    let at = direction === "older" ? entries.length - 1 : 0;
    if (from !== undefined) {
      const near = this.#firstNotBefore(from);
      const found = entries[near]?.id === from.id;
      at = direction === "older" ? near - 1 : found ? near + 1 : near;
    }
    for (let entry = entries[at]; entry !== undefined; at += step, entry = entries[at]) yield entry.id;
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#entries = this.#entries.toSorted(compare);
    this.#sorted = true;
  }

  #firstNotBefore(entry: Entry): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#entries[middle];
      if (candidate !== undefined && compare(candidate, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
