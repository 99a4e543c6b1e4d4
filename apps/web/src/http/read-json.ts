import { RedressError } from "@redress/core/errors";

/** No body of ours is near it; more is not read. */
const maximumBytes = 64 * 1024;

/**
 * The body of a request as text, read only up to the limit.
 *
 * @throws RedressError invalid_input when it is longer
 */
export async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > maximumBytes) {
      await reader?.cancel();
      throw new RedressError("invalid_input", `The body is larger than ${maximumBytes} bytes. Send less.`);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * A request's JSON body; an empty body is `{}`.
 *
 * @throws RedressError invalid_input
 */
export async function readJson(request: Request): Promise<unknown> {
  return parseJson(await readText(request));
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
