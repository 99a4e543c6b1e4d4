import type { AmountFigures, Figures } from "@redress/core/figures/figures";
import { reasonName } from "../refunds/reasons.ts";
import { RateCard, RefundedCard } from "./amount-cards.tsx";
import { type Choice, CurrencyChoice } from "./choices.tsx";
import { largestParts } from "./parts.ts";
import { spanHints, spanMark, spanName } from "./span-names.ts";
import { PolicyCard, WaitCard } from "./wait-cards.tsx";

/** How refunds went in the chosen time. */
export function FigureBoard({
  figures,
  choice,
  apps,
}: {
  figures: Figures;
  choice: Choice;
  /** That are told apart; none where one was chosen. */
  apps: readonly { readonly id: string; readonly name: string }[];
}) {
  const { spans, currencies, amounts, decisions, settlements } = figures;
  const names = {
    marks: spans.map((span) => spanMark(span, choice.time)),
    labels: spans.map((span) => spanName(span, choice.time)),
  };
  const view = amounts && { ...names, amounts, ...partsOf(amounts, apps) };
  return (
    <>
      {amounts === null ? (
        <p className="mb-4 text-sm text-ink-soft">Nothing was paid or refunded in this time.</p>
      ) : (
        <CurrencyChoice choice={choice} currency={amounts.currency} currencies={currencies} />
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {view !== null && <RefundedCard {...view} />}
        {view !== null && <RateCard {...view} />}
        <WaitCard
          {...names}
          name="decision"
          title="Time to decision"
          what="Requests that people decided"
          waits={{ spans: decisions.spans.map(({ waits }) => waits), whole: decisions.whole.waits }}
        />
        <WaitCard
          {...names}
          name="settlement"
          title="From approval to refunded"
          what="Refunds that succeeded"
          waits={settlements}
        />
        <PolicyCard {...names} decisions={decisions} />
      </div>
      <p className="mt-3 text-xs text-ink-faint">
        {spanHints[choice.time]}, in UTC; the last one, only outlined in bars, is not over. Times and
        decisions are of all currencies. Refunds that failed later are not counted as refunded.
      </p>
    </>
  );
}

function partsOf(amounts: AmountFigures, apps: readonly { readonly id: string; readonly name: string }[]) {
  const appNames = new Map(apps.map(({ id, name }) => [id, name]));
  const reasonOf = (code: string) => (code === "" ? "No reason given" : reasonName(code));
  return {
    apps: apps.length > 1 ? largestParts(amounts.apps, (id) => appNames.get(id) ?? "An app", "own") : [],
    reasons: largestParts(amounts.reasons, reasonOf, "shared"),
  };
}
