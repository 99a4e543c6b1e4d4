/**
 * Answers with pieces of text as the reader takes them: the next is made only when it is wanted, and none after
 * the reader went away. An error on the way breaks the connection off, so that a part is not taken for the whole.
 */
export function streamText(pieces: AsyncGenerator<string, void, undefined>, headers: HeadersInit): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return();
    },
  });
  return new Response(body, { headers });
}
