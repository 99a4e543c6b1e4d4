import { maximumBodyBytes } from "@redress/core/webhooks/ingest";
import { expect, test } from "vitest";
import { chunksOf, type RawBody, withRawBody } from "./raw-body.ts";

// Whoever sends too much, too slowly or not all of it costs a bounded piece of memory, and nobody else's events.
const chunk = Buffer.alloc(65_536, 1);

async function* chunks(count: number, end?: () => void): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield chunk;
  end?.();
}

const read = (body: AsyncIterable<Uint8Array>, announced?: string) =>
  withRawBody({ body, announced }, async (raw) => raw);
const whyNot = (raw: RawBody) => (raw.bytes === null ? raw.why : `${raw.bytes.byteLength} bytes`);

test("a body comes as it was sent, up to the limit", async () => {
  const raw = await read(chunksOf(new Request("http://x", { method: "POST", body: "a\u0000ä" })));
  expect(raw.bytes).toEqual(Buffer.from("a\u0000ä"));
  expect(whyNot(await read(chunks(maximumBodyBytes / chunk.byteLength)))).toBe(`${maximumBodyBytes} bytes`);
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
  expect(whyNot(await read(untouched, String(maximumBodyBytes + 1)))).toBe("too_large");
  expect(ended).toBe(false);
});

test("one that breaks off is incomplete", async () => {
  const body = chunks(2, () => {
    throw new Error("aborted");
  });
  expect(whyNot(await read(body))).toBe("incomplete");
});

test("the process holds 64 MiB of bodies, until what is done with them has ended", async () => {
  let release = () => {};
  const stored = new Promise<void>((resolve) => {
    release = resolve;
  });
  const full = maximumBodyBytes / chunk.byteLength;
  const holds = Array.from({ length: 64 }, () => {
    let tell = () => {};
    const hasBody = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const done = withRawBody({ body: chunks(full), announced: null }, async (raw) => {
      tell();
      await stored;
      return whyNot(raw);
    });
    return { hasBody, done };
  });
  await Promise.all(holds.map(({ hasBody }) => hasBody));
  expect(whyNot(await read(chunks(1)))).toBe("no_room");
  release();
  const outcomes = await Promise.all(holds.map(({ done }) => done));
  expect(outcomes).toEqual(outcomes.map(() => `${maximumBodyBytes} bytes`));
  expect(whyNot(await read(chunks(1)))).toBe("65536 bytes");
});

test("what fails is given back as well", async () => {
  for (let index = 0; index < 100; index += 1) {
    const use = () => Promise.reject(new Error("no"));
    await expect(withRawBody({ body: chunks(16), announced: null }, use)).rejects.toThrow("no");
  }
  expect(whyNot(await read(chunks(1)))).toBe("65536 bytes");
});
