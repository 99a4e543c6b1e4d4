import * as z from "zod/mini";

const answerSchema = z.object({
  purchases: z.array(
    z.object({
      id: z.string(),
      amountCaptured: z.number(),
      amountLeft: z.number(),
      amountRefunded: z.number(),
      currency: z.string(),
      customerName: z.nullable(z.string()),
      customerEmail: z.nullable(z.string()),
      productName: z.nullable(z.string()),
      app: z.object({ name: z.string() }),
    }),
  ),
});

export type PaletteCandidate = z.infer<typeof answerSchema>["purchases"][number];

/**
 * Purchases for what was typed, as the page Purchases finds them; none where the words cannot be searched for yet.
 *
 * @throws DOMException AbortError once more was typed; TypeError when the desk cannot be reached
 */
export async function findPurchases(query: string, signal: AbortSignal): Promise<PaletteCandidate[]> {
  const asked = new URLSearchParams({ query, limit: "6" });
  const answer = await fetch(`/api/v1/purchases?${asked}`, {
    signal,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) return [];
  const parsed = answerSchema.safeParse(await answer.json());
  return parsed.success ? parsed.data.purchases : [];
}
