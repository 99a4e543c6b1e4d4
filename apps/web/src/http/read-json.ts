import { RedressError } from "@redress/core/errors";
import { chunksOf } from "@redress/core/raw-body";

/** No JSON of ours is near it. */
const maximumBytes = 64 * 1024;

/** Reads a body in pieces, and stops where the limit is passed: the rest is never held in memory. */
async function readLimited(request: Request, limit: number): Promise<{ bytes: Buffer; size: number }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.byteLength;
    if (size > limit) break;
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), size };
}

/**
 * The body of a request as text.
 *
 * @param limit in bytes; 64 KiB unless told
 * @throws RedressError invalid_input when it is too long
 */
export async function readText(request: Request, limit = maximumBytes): Promise<string> {
  const { bytes, size } = await readLimited(request, limit);
  if (size > limit) {
    throw new RedressError("invalid_input", `The body is larger than ${limit} bytes. Send less.`);
  }
  return bytes.toString("utf8");
}

/**
 * A request's JSON body; an empty body is `{}`.
 *
 * @throws RedressError invalid_input
 */
export async function readJson(request: Request, limit?: number): Promise<unknown> {
  return parseJson(await readText(request, limit));
}

/** @throws RedressError invalid_input */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RedressError("invalid_input", "The body is not JSON. Send one JSON object.", { cause });
  }
}
