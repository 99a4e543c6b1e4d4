import { VerificationError } from "./verify.ts";

/** Notifications are a few hundred bytes; the address is open to everybody. */
export const mostBytes = 256 * 1024;

/**
 * The body as text, read no further than a notification can be long.
 *
 * @throws VerificationError `body_too_large`
 */
export async function readBody(request: Request): Promise<string> {
  const reader = request.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > mostBytes) {
      await reader.cancel();
      throw new VerificationError("body_too_large", "The body is longer than any notification.");
    }
    text += decoder.decode(value, { stream: true });
  }
}
