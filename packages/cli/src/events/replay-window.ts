import type { EventWindow } from "@redress/core/webhooks/list-events";
import { countWindow, replayWindow } from "@redress/core/webhooks/replay-window";
import type { Desk } from "../command.ts";
import { counted, createProgress } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import type { Filters } from "./options.ts";
import { actor } from "./replay-one.ts";
import { checkingInput } from "./usage-of.ts";

type Window = Omit<Filters, "since" | "until"> & { since: Date; until: Date };

/** `events replay --since … --until …`: counts, asks, and has the events of the window handled again. */
export async function replayAll(
  desk: Desk,
  given: Window,
  options: { yes: boolean; json: boolean },
): Promise<number> {
  const { dependencies, terminal, stopping } = desk;
  const input = { window: { ...given, appIds: "all" } satisfies EventWindow, actor };
  const count = await checkingInput(dependencies, () => countWindow(dependencies, input));
  if (!(await isWanted(desk, count, options.yes))) {
    terminal.err.write("Nothing was replayed.\n");
    return stopping.aborted ? 130 : 1;
  }
  const progress = createProgress(terminal, "replay");
  let replayed = 0;
  let skipped = 0;
  let done = count.replayable === 0 && !count.resumed;
  try {
    while (!done && !stopping.aborted) {
      const step = await replayWindow(dependencies, input);
      replayed += step.replayed;
      skipped += step.skipped;
      done = step.done;
      const share = done ? 1 : Math.min(1, (replayed + skipped) / Math.max(1, count.replayable));
      progress.show(share, counted(replayed, "event"));
    }
  } finally {
    progress.end();
  }
  const { ignored, resumed } = count;
  terminal.out.write(
    options.json
      ? `${JSON.stringify({ replayed, skipped, ignored, resumed, done })}\n`
      : `${summaryOf(replayed, skipped, ignored)}\n`,
  );
  if (done) return 0;
  terminal.err.write("Stopped. The same command goes on from here.\n");
  return 130;
}

async function isWanted(
  { terminal }: Desk,
  { replayable, ignored, resumed }: Awaited<ReturnType<typeof countWindow>>,
  yes: boolean,
): Promise<boolean> {
  const left = resumed ? ", the rest of a replay that was interrupted" : "";
  const without =
    ignored === 0 ? "" : `, without ${counted(ignored, "event")} that Redress does nothing about`;
  terminal.err.write(`${counted(replayable, "event")} to be handled again${left}${without}.\n`);
  if (yes || (replayable === 0 && !resumed)) return true;
  if (!terminal.ask) {
    throw new UsageError("Nobody can be asked here: add --yes to have them handled again.");
  }
  return /^y(es)?$/i.test((await terminal.ask("Handle them again? [y/N] ")).trim());
}

function summaryOf(replayed: number, skipped: number, ignored: number): string {
  const without = [
    ...(skipped === 0 ? [] : [`${skipped} whose body was removed`]),
    ...(ignored === 0 ? [] : [`${ignored} that nothing is done about`]),
  ];
  const rest = without.length === 0 ? "" : ` Left out: ${without.join(", ")}.`;
  return `${counted(replayed, "event")} sent again.${rest}`;
}
