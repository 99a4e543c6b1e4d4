import { noteOperatorRefusal } from "@redress/core/audit/note-operator-refusal";
import type { Dependencies } from "@redress/core/dependencies";
import { askThroughEmbed, panelPurchase } from "@redress/core/embed/ask-through-embed";
import { foresee, readPanel } from "@redress/core/embed/read-panel";
import type { EmbedVisit } from "@redress/core/embed/visit-embed";
import { isRedressError, type RedressError } from "@redress/core/errors";
import { formatMoney } from "@redress/core/money";
import { parseInput } from "@redress/core/parse-input";
import type { RefundDetail } from "@redress/core/refunds/refund-view";
import { z } from "zod";
import { confirmBody } from "./confirm-body.ts";
import type { Markup } from "./html.ts";
import { type PanelView, panelBody } from "./panel-body.ts";

const proof = z.string().trim().max(100).default("");
const purchaseId = z.string().max(100);
const formSchema = z.discriminatedUnion("step", [
  z.object({ step: z.literal("view"), proof }),
  z.object({ step: z.literal("review"), proof, purchaseId }),
  z.object({
    ...{ step: z.literal("confirm"), proof, purchaseId },
    amount: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
    reason: z.string().min(1).max(40),
    note: z.string().trim().max(1000).default(""),
  }),
]);
type Form = z.output<typeof formSchema>;

interface Looking {
  readonly dependencies: Dependencies;
  readonly visit: EmbedVisit;
  readonly token: string;
  readonly correlationId: string;
}

/**
 * Answers what somebody sent from the panel: shows it, asks whether they mean it, or asks for the refund.
 *
 * @param fields none: the panel is shown
 * @returns a page; what went wrong with a step is said on the panel, and nothing was asked for
 * @throws RedressError `invalid_input` for what no form of ours sends
 */
export async function answerEmbed(looking: Looking, fields: Record<string, string>): Promise<Markup> {
  const form = parseInput(formSchema, { step: "view", ...fields });
  try {
    if (form.step === "review") return await review(looking, form);
    const notice = form.step === "confirm" ? outcomeOf(await confirm(looking, form)) : null;
    return await panel(looking, form.proof, notice);
  } catch (error) {
    if (!isRedressError(error)) throw error;
    // What the customer told was no amount or day: it is kept to be mended, and proves nothing.
    return panel(looking, form.step === "view" ? "" : form.proof, { tone: "bad", text: sentenceOf(error) });
  }
}

/** What is said to programs of a request's id means here that something else was sent from the same look. */
function sentenceOf({ code, message }: RedressError): string {
  if (code !== "request_key_conflict") return message;
  return "Another refund of this purchase was asked for from this page. Reload the ticket to see it, and to ask for more.";
}

async function panel(
  { dependencies, visit, token }: Looking,
  told: string,
  notice: PanelView["notice"],
): Promise<Markup> {
  const { found, more } = await readPanel(dependencies, visit, { proof: told });
  const { publicUrl } = dependencies.settings;
  const now = dependencies.clock.now();
  return panelBody({ visit, token, found, more, proof: told, notice, now, publicUrl });
}

async function review(looking: Looking, form: Extract<Form, { step: "review" }>): Promise<Markup> {
  const { dependencies, visit, token } = looking;
  const permission = "refunds.request";
  const purchase = await panelPurchase(dependencies, visit, { purchaseId: form.purchaseId, permission });
  const outlook = await foresee(dependencies, visit, purchase);
  if (outlook.kind === "none") return panel(looking, form.proof, { tone: "bad", text: outlook.why });
  const { policy } = outlook;
  return confirmBody({ token, proof: form.proof, purchase, policy, reasons: policy.reasons ?? [] });
}

/** As on the desk's own pages, what somebody may not is written down when they try it. */
async function confirm(looking: Looking, form: Extract<Form, { step: "confirm" }>): Promise<RefundDetail> {
  const { dependencies, visit, correlationId } = looking;
  const { step: _, proof: __, ...asked } = form;
  try {
    return await askThroughEmbed(dependencies, visit, { ...asked, correlationId });
  } catch (error) {
    const attempt = { operatorId: visit.operator.id, permission: "refunds.request", error, correlationId };
    await noteOperatorRefusal(dependencies, attempt);
    throw error;
  }
}

function outcomeOf(refund: RefundDetail): NonNullable<PanelView["notice"]> {
  const money = formatMoney(refund);
  switch (refund.status) {
    case "awaiting_approval":
      return { tone: "waiting", text: `A refund of ${money} was asked for. It waits for an approval.` };
    case "rejected":
      return { tone: "bad", text: `The refund of ${money} was refused. The desk says why.` };
    case "refused":
    case "failed":
    case "canceled":
      return { tone: "bad", text: `The refund of ${money} did not succeed. The desk says why.` };
    case "succeeded":
      return { tone: "good", text: `${money} was refunded.` };
    default:
      return {
        tone: "good",
        text: `The refund of ${money} is on its way. Look again to see what became of it.`,
      };
  }
}
