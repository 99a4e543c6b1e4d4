import { Readable } from "node:stream";

/** Nearly every body of Stripe and of the workflow engine is smaller. */
const usualBytes = 64 * 1024;
/** All that bodies of this process hold beyond the usual, while they are read or used … */
const mostLargeBytes = 64 * 1024 * 1024;
/** … and all that they hold: four thousand usual ones. */
const mostBytes = 256 * 1024 * 1024;

/** Our server and Next's bundles are two module graphs in one process: they count in one place. */
const slot = Symbol.for("redress.body-bytes-held");
interface Held {
  bytes: number;
  large: number;
}
const shared: typeof globalThis & { [slot]?: Held } = globalThis;
shared[slot] ??= { bytes: 0, large: 0 };
const held = shared[slot];

/** A body as it came, byte for byte, or why there is none. */
export type RawBody =
  | { readonly bytes: Buffer }
  | { readonly bytes: null; readonly why: "too_large" | "incomplete" | "no_room" };

/**
 * Reads the body of a request whose sender is not known yet, and hands it on. It stops where the limit is
 * passed, and begins none when the process already holds too much: what is read counts until `use` has ended.
 * Large bodies have a bound of their own, so that some that are sent slowly and on purpose do not keep the
 * usual ones out.
 *
 * @param given.body chunks as they arrive; an error of it means that the sender stopped before the end
 * @param given.announced the header `Content-Length`
 * @param given.maximumBytes of this body
 */
export async function withRawBody<Answer>(
  given: { body: AsyncIterable<Uint8Array>; announced: string | null | undefined; maximumBytes: number },
  use: (body: RawBody) => Promise<Answer>,
): Promise<Answer> {
  const { body, announced, maximumBytes } = given;
  if (Number(announced ?? 0) > maximumBytes) return use({ bytes: null, why: "too_large" });
  const own: Held = { bytes: 0, large: 0 };
  try {
    return await use(await read(body, own, maximumBytes));
  } finally {
    held.bytes -= own.bytes;
    held.large -= own.large;
  }
}

function read(body: AsyncIterable<Uint8Array>, own: Held, maximumBytes: number): Promise<RawBody> {
  return body instanceof Readable ? listen(body, own, maximumBytes) : iterate(body, own, maximumBytes);
}

/** A request of `node:http`: to listen costs a good part less than to iterate. */
function listen(body: Readable, own: Held, maximumBytes: number): Promise<RawBody> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    const end = (raw: RawBody) => {
      body.off("data", take);
      resolve(raw);
    };
    const take = (chunk: Uint8Array) => {
      const why = hold(own, chunk.byteLength, maximumBytes);
      if (why === null) chunks.push(chunk);
      else end({ bytes: null, why });
    };
    body.on("data", take);
    body.once("end", () => end({ bytes: joined(chunks) }));
    // Whichever comes first counts; after the end neither does.
    for (const broken of ["error", "close"]) body.once(broken, () => end({ bytes: null, why: "incomplete" }));
  });
}

async function iterate(body: AsyncIterable<Uint8Array>, own: Held, maximumBytes: number): Promise<RawBody> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) {
      const why = hold(own, chunk.byteLength, maximumBytes);
      if (why !== null) return { bytes: null, why };
      chunks.push(chunk);
    }
  } catch {
    return { bytes: null, why: "incomplete" };
  }
  return { bytes: joined(chunks) };
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(chunks);
}

/** Counts what has come. @returns why no more is taken, or null */
function hold(own: Held, bytes: number, maximumBytes: number): "too_large" | "no_room" | null {
  own.bytes += bytes;
  held.bytes += bytes;
  const large = Math.max(0, own.bytes - usualBytes);
  held.large += large - own.large;
  own.large = large;
  if (own.bytes > maximumBytes) return "too_large";
  const isFull = held.bytes > mostBytes || (large > 0 && held.large > mostLargeBytes);
  return isFull ? "no_room" : null;
}

/** The body of a web request, chunk by chunk. Who stops early ends it. */
export async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
