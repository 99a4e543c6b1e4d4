import type { Settings } from "@redress/core/dependencies";

const modes = {
  sandbox: {
    band: "border-sandbox/30 bg-sandbox-tint text-sandbox",
    name: "Sandbox",
    sentence: "A local Stripe: no money is real.",
  },
  test: {
    band: "border-waiting/30 bg-waiting-tint text-waiting",
    name: "Test mode",
    sentence: "Stripe test data: no money is real.",
  },
  live: {
    band: "border-good/40 bg-good-tint text-good",
    name: "Live",
    sentence: "Refunds move real money.",
  },
} as const;

/** Says on every page whether money is real. Only where it is not, the band is hatched. */
export function ModeBand({ mode }: { mode: Settings["mode"] }) {
  const { band, name, sentence } = modes[mode];
  return (
    <div
      role="note"
      data-mode={mode}
      className={`sticky top-0 z-10 flex min-h-7 flex-wrap items-center justify-center gap-x-2 border-b px-4 py-1 text-center text-xs ${band} ${mode === "live" ? "" : "hatched"}`}
    >
      <strong className="font-semibold tracking-wide uppercase">{name}</strong>
      <span>{sentence}</span>
    </div>
  );
}
