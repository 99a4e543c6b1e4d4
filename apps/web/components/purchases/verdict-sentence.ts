import * as z from "zod/mini";

/** What the policy would say of a refund that is not asked for yet: what of `RefundPolicyAnswer` is shown. */
export const foreseenSchema = z.object({
  verdict: z.enum(["allow", "ask", "refuse", "repeated"]),
  until: z.optional(z.nullable(z.union([z.date(), z.iso.datetime()]))),
  approvers: z.optional(z.number()),
  role: z.optional(z.string()),
  reason: z.optional(z.string()),
  blocked: z.nullable(z.object({ explanation: z.string() })),
});

export type Foreseen = z.infer<typeof foreseenSchema>;

export const toneText = { good: "text-good", waiting: "text-waiting", bad: "text-bad" } as const;

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const counted: Readonly<Record<number, string>> = { 2: "two", 3: "three" };

/** The verdict before anything is sent, in one sentence; `asks` is false where asking would lead to nothing. */
export function verdictSentence(foreseen: Foreseen): {
  tone: "good" | "waiting" | "bad";
  text: string;
  asks: boolean;
} {
  if (foreseen.blocked !== null) return { tone: "waiting", text: foreseen.blocked.explanation, asks: false };
  switch (foreseen.verdict) {
    case "allow": {
      const end = foreseen.until ? ` until ${day.format(new Date(foreseen.until))}` : "";
      return { tone: "good", text: `Allowed without approval${end}.`, asks: true };
    }
    case "ask":
      return { tone: "waiting", text: neededApprovers(foreseen), asks: true };
    case "refuse":
      return { tone: "bad", text: `The app’s policy refuses it: ${foreseen.reason ?? ""}`, asks: false };
    case "repeated":
      return { tone: "waiting", text: "It was asked for already.", asks: false };
  }
}

function neededApprovers({ approvers = 1, role }: Foreseen): string {
  const who = role === "admin" ? "admin" : "approver";
  if (approvers > 1) return `Needs ${counted[approvers] ?? approvers} ${who}s.`;
  return who === "admin" ? "Needs an admin." : "Needs one approver.";
}
