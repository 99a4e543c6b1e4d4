import { figureTimes } from "@redress/core/figures/spans";
import { AppFilter } from "../app-filter.tsx";
import { FilterLinks } from "../filter-links.tsx";
import { timeNames } from "./span-names.ts";

/** What the figures are of, as it stands in the address. */
export interface Choice {
  readonly time: (typeof figureTimes)[number];
  readonly app: string;
  readonly currency?: string | undefined;
}

export const usualTime = "30d";
const times = Object.fromEntries(figureTimes.map((time) => [time, timeNames[time]]));

/** Chooses the time and the app; each keeps the other choices. */
export function Choices({
  choice,
  apps,
}: {
  choice: Choice;
  apps: readonly { readonly slug: string; readonly name: string }[];
}) {
  const { time, app, currency } = choice;
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4">
      <FilterLinks
        {...{ path: "/", name: "time", usual: usualTime, label: "Time" }}
        filters={times}
        current={time}
        keep={{ app, currency }}
      />
      <AppFilter path="/" apps={apps} app={app} keep={{ time, currency }} />
    </div>
  );
}

/** Says which currency is shown and leads to the others: amounts of several are never added up. */
export function CurrencyChoice({
  choice,
  currency,
  currencies,
}: {
  choice: Choice;
  currency: string;
  /** The one with the most refunds first. */
  currencies: readonly string[];
}) {
  const [first = currency] = currencies;
  if (currencies.length < 2) return null;
  const names = Object.fromEntries(currencies.map((one) => [one, one.toUpperCase()]));
  return (
    <div className="mb-1 flex flex-wrap items-baseline gap-x-3">
      <p className="text-xs text-ink-soft">
        Amounts of several currencies are never added up. {first.toUpperCase()} has the most refunds.
      </p>
      <FilterLinks
        {...{ path: "/", name: "currency", usual: first, label: "Currency" }}
        filters={names}
        current={currency}
        keep={{ time: choice.time === usualTime ? undefined : choice.time, app: choice.app }}
      />
    </div>
  );
}
