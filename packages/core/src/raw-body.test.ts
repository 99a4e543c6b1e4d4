import { expect, test } from "vitest";
import { chunksOf, type RawBody, withRawBody } from "./raw-body.ts";

// Whoever sends too much, too slowly or not all of it costs a bounded piece of memory, and nobody else's events.
const chunk = Buffer.alloc(65_536, 1);
const maximumBytes = 1_048_576;

async function* chunks(count: number, end?: () => void): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield chunk;
  end?.();
}

const read = (body: AsyncIterable<Uint8Array>, announced?: string) =>
  withRawBody({ body, announced, maximumBytes }, async (raw) => raw);
const whyNot = (raw: RawBody) => (raw.bytes === null ? raw.why : `${raw.bytes.byteLength} bytes`);

test("a body comes as it was sent, up to the limit", async () => {
  const raw = await read(chunksOf(new Request("http://x", { method: "POST", body: "a\u0000ä" })));
  expect(raw.bytes).toEqual(Buffer.from("a\u0000ä"));
  expect(whyNot(await read(chunks(maximumBytes / chunk.byteLength)))).toBe(`${maximumBytes} bytes`);
  expect(whyNot(await read(chunksOf(new Request("http://x"))))).toBe("0 bytes");
});

test("one that is too large is not read to its end, and not at all when it says so", async () => {
  let ended = false;
  const body = () => chunks(100, () => (ended = true));
  expect(whyNot(await read(body()))).toBe("too_large");
  const untouched: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      throw new Error("was read");
    },
  };
  expect(whyNot(await read(untouched, String(maximumBytes + 1)))).toBe("too_large");
  expect(ended).toBe(false);
});

test("one that breaks off is incomplete", async () => {
  const body = chunks(2, () => {
    throw new Error("aborted");
  });
  expect(whyNot(await read(body))).toBe("incomplete");
});

/** Bodies that are read and then held until they are let go. */
async function holdBodies(count: number, chunksEach: number) {
  let release = () => {};
  const used = new Promise<void>((resolve) => {
    release = resolve;
  });
  const bodies = Array.from({ length: count }, () => {
    let tell = () => {};
    const isRead = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const given = { body: chunks(chunksEach), announced: null, maximumBytes };
    const done = withRawBody(given, async (raw) => {
      tell();
      await used;
      return whyNot(raw);
    });
    return { isRead, done };
  });
  await Promise.all(bodies.map(({ isRead }) => isRead));
  return {
    async letGo(): Promise<Set<string>> {
      release();
      return new Set(await Promise.all(bodies.map(({ done }) => done)));
    },
  };
}

test("large bodies hold 64 MiB beyond the usual until what is done with them has ended, and keep no usual one out", async () => {
  const full = maximumBytes / chunk.byteLength;
  // Each has 15 chunks beyond the usual one, and 1,024 such chunks have room.
  const bodies = await holdBodies(68, full);
  expect(whyNot(await read(chunks(full)))).toBe("no_room");
  expect(whyNot(await read(chunks(1)))).toBe("65536 bytes");
  expect(await bodies.letGo()).toEqual(new Set([`${maximumBytes} bytes`]));
  expect(whyNot(await read(chunks(full)))).toBe(`${maximumBytes} bytes`);
});

test("usual ones are bounded as well: the process holds 256 MiB of bodies", async () => {
  const bodies = await holdBodies(4_096, 1);
  expect(whyNot(await read(chunks(1)))).toBe("no_room");
  await bodies.letGo();
  expect(whyNot(await read(chunks(1)))).toBe("65536 bytes");
});

test("what fails is given back as well", async () => {
  for (let index = 0; index < 100; index += 1) {
    const use = () => Promise.reject(new Error("no"));
    await expect(withRawBody({ body: chunks(16), announced: null, maximumBytes }, use)).rejects.toThrow("no");
  }
  expect(whyNot(await read(chunks(1)))).toBe("65536 bytes");
});
