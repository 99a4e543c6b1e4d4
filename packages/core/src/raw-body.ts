import { maximumBodyBytes } from "@redress/core/webhooks/ingest";

/** All bodies of this process that are being read, or wait to be stored. */
const mostBytesHeld = 64 * 1024 * 1024;

/** Our server and Next's bundles are two module graphs in one process: they count in one place. */
const slot = Symbol.for("redress.webhook-bytes-held");
const shared: typeof globalThis & { [slot]?: { bytes: number } } = globalThis;
shared[slot] ??= { bytes: 0 };
const held = shared[slot];

/** A body as it came, byte for byte, or why there is none. */
export type RawBody =
  | { readonly bytes: Buffer }
  | { readonly bytes: null; readonly why: "too_large" | "incomplete" | "no_room" };

/**
 * Reads the body of a webhook and hands it on. It stops where the limit is passed, and begins none when the
 * process already holds too much: what is read counts until `use` has ended.
 *
 * @param body chunks as they arrive; an error of it means that the sender stopped before the end
 * @param announced the header `Content-Length`
 */
export async function withRawBody<Answer>(
  { body, announced }: { body: AsyncIterable<Uint8Array>; announced: string | null | undefined },
  use: (body: RawBody) => Promise<Answer>,
): Promise<Answer> {
  if (Number(announced ?? 0) > maximumBodyBytes) return use({ bytes: null, why: "too_large" });
  const own = { bytes: 0 };
  try {
    return await use(await read(body, own));
  } finally {
    held.bytes -= own.bytes;
  }
}

async function read(body: AsyncIterable<Uint8Array>, own: { bytes: number }): Promise<RawBody> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) {
      own.bytes += chunk.byteLength;
      held.bytes += chunk.byteLength;
      if (own.bytes > maximumBodyBytes) return { bytes: null, why: "too_large" };
      if (held.bytes > mostBytesHeld) return { bytes: null, why: "no_room" };
      chunks.push(chunk);
    }
  } catch {
    return { bytes: null, why: "incomplete" };
  }
  const [first] = chunks;
  if (chunks.length === 1 && Buffer.isBuffer(first)) return { bytes: first };
  return { bytes: Buffer.concat(chunks) };
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
