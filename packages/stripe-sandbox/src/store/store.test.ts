import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxError } from "../errors.ts";
import { defineCollection, type StoredRecord } from "./collection.ts";
import { Journal } from "./journal.ts";
import { SANDBOX_SCOPE } from "./scope.ts";
import { Store } from "./store.ts";

interface Item extends StoredRecord {
  readonly owner: string | null;
}

const items = defineCollection<Item, "owner">("items", { owner: (item) => item.owner });

const write = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e"),
  created: fc.integer({ min: 0, max: 5 }),
  owner: fc.constantFrom("x", "y", null),
  remove: fc.boolean(),
});
type Write = { id: string; created: number; owner: string | null; remove: boolean };

function apply(store: Store, writes: readonly Write[]): void {
  const collection = store.collection(SANDBOX_SCOPE, items);
  for (const { remove, ...item } of writes) {
    if (remove) collection.delete(item.id);
    else collection.put(item);
  }
}

/** Everything that can be read: the order, and every index. */
function view(store: Store): unknown {
  const collection = store.collection(SANDBOX_SCOPE, items);
  return { all: collection.all(), x: collection.where("owner", "x"), y: collection.where("owner", "y") };
}

describe("transactions", () => {
  test("a throw leaves no trace, in any order and index", () => {
    fc.assert(
      fc.property(fc.array(write), fc.array(write), (before, undone) => {
        const store = new Store();
        store.transaction(() => apply(store, before));
        const expected = view(store);
        expect(() =>
          store.transaction(() => {
            apply(store, undone);
            throw new Error("undo");
          }),
        ).toThrow("undo");
        expect(view(store)).toEqual(expected);
      }),
    );
  });

  test("an error that keeps its changes keeps them, inner savepoints alone are undone", () => {
    const store = new Store();
    const put = (id: string) => store.collection(SANDBOX_SCOPE, items).put({ id, created: 1, owner: null });
    const declined = new SandboxError({ status: 402, message: "declined", keepsChanges: true });
    expect(() =>
      store.transaction(() => {
        put("kept");
        expect(() =>
          store.transaction(() => {
            put("undone");
            throw new Error("inner");
          }),
        ).toThrow("inner");
        throw declined;
      }),
    ).toThrow(declined);
    expect(store.collection(SANDBOX_SCOPE, items).all()).toEqual([{ id: "kept", created: 1, owner: null }]);
  });

  test("lists are newest first, ties by insertion, from any cursor in both directions", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), fc.nat(), (times, pick) => {
        const store = new Store();
        const collection = store.collection(SANDBOX_SCOPE, items);
        const records = times.map((created, at) => ({ id: `i${at}`, created, owner: null }));
        store.transaction(() => {
          for (const record of records) collection.put(record);
        });
        const oldestFirst = records.toSorted((a, b) => a.created - b.created).map(({ id }) => id);
        const newestFirst = oldestFirst.toReversed();
        expect(collection.all().map(({ id }) => id)).toEqual(newestFirst);
        const at = pick % newestFirst.length;
        const from = newestFirst[at];
        const ids = (direction: "older" | "newer") =>
          [...collection.walk({ from, direction })].map(({ id }) => id);
        expect(ids("older")).toEqual(newestFirst.slice(at + 1));
        expect(ids("newer")).toEqual(newestFirst.slice(0, at).toReversed());
      }),
    );
  });
});

describe("the journal", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "sandbox-store-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function open(): Promise<Store> {
    const store = new Store(new Journal(directory));
    await store.open();
    return store;
  }

  test("killed at any byte: the state is that after the last whole transaction", async () => {
    const file = join(directory, "state.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(write), { maxLength: 8 }), fc.nat(), async (transactions, cut) => {
        rmSync(file, { force: true });
        const store = await open();
        // Sizes of the file at which a transaction was complete, with what could be read then.
        const states = [{ size: readFileSync(file).length, seen: view(store) }];
        for (const writes of transactions) {
          store.transaction(() => apply(store, writes));
          states.push({ size: readFileSync(file).length, seen: view(store) });
        }
        store.close();
        const size = cut % ((states.at(-1)?.size ?? 0) + 1);
        truncateSync(file, size);
        const again = await open();
        // A line is whole without its line break.
        const expected = states.findLast((state) => state.size <= size + 1);
        expect(view(again)).toEqual(expected?.seen);
        again.close();
        const compacted = await open();
        expect(view(compacted)).toEqual(expected?.seen);
        compacted.close();
      }),
      { numRuns: 60 },
    );
  });

  test("a transaction of many lines counts only as a whole", async () => {
    const file = join(directory, "state.jsonl");
    const store = await open();
    const owner = "o".repeat(1000);
    store.transaction(() => {
      for (let at = 0; at < 3000; at += 1) {
        store.collection(SANDBOX_SCOPE, items).put({ id: `i${at}`, created: at, owner });
      }
    });
    store.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    const whole = await open();
    expect(whole.collection(SANDBOX_SCOPE, items).size).toBe(3000);
    whole.close();
    writeFileSync(file, `${lines.slice(0, -1).join("\n")}\n`);
    const torn = await open();
    expect(torn.collection(SANDBOX_SCOPE, items).size).toBe(0);
    torn.close();
  });

  test("a folder serves one sandbox at a time, and a dead one's folder is taken over", async () => {
    const first = await open();
    await expect(open()).rejects.toThrow("belongs to a running sandbox");
    first.close();
    // No process has this number: Linux and macOS count to less.
    writeFileSync(join(directory, "sandbox.pid"), "99999999");
    (await open()).close();
  });
});
