import { streamText } from "./stream-text.ts";

/** A CSV as a file to be kept, sent piece by piece. */
export function csvResponse(
  pieces: AsyncGenerator<string, void, undefined>,
  { name, correlationId }: { name: string; correlationId: string },
): Response {
  return streamText(pieces, {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
    "Cache-Control": "no-store",
    "X-Correlation-Id": correlationId,
  });
}
