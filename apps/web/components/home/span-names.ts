import { type FigureTime, type Span, spanUnits } from "@redress/core/figures/spans";
import { formats } from "../describe-moment.ts";

// Figures are counted by days of UTC, whatever the reader's zone.
const { day } = formats("UTC");
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** What each time is called. */
export const timeNames: Readonly<Record<FigureTime, string>> = {
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  "12m": "12 months",
};

/** "5 Nov", "5 Nov – 11 Nov" or "Nov 2026". */
export function spanName({ from, until }: Span, time: FigureTime): string {
  if (spanUnits[time] === "month") return month.format(from);
  const last = new Date(until.getTime() - 1);
  return spanUnits[time] === "day" ? day.format(from) : `${day.format(from)} – ${day.format(last)}`;
}

/** For an axis, where there is little room. */
export function spanMark(span: Span, time: FigureTime): string {
  return spanUnits[time] === "month" ? month.format(span.from) : day.format(span.from);
}

/** How to read the spans of a time. */
export const spanHints: Readonly<Record<FigureTime, string>> = {
  "7d": "By day",
  "30d": "By day",
  "90d": "By week, counted back from today; the first has six days",
  "12m": "By calendar month",
};
