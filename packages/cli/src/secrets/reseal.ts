import { countSeals, type SealCount, sumSeals } from "@redress/core/secrets/count-seals";
import { reseal } from "@redress/core/secrets/reseal";
import type { Desk } from "../command.ts";
import { counted, createProgress, type Terminal } from "../terminal.ts";

interface Options {
  readonly json: boolean;
}

/** `secrets reseal --check`: says how many values need which secret. */
export async function checkSeals({ dependencies, terminal }: Desk, { json }: Options): Promise<number> {
  const counts = await countSeals(dependencies);
  const { older, unreadable } = sumSeals(counts);
  if (json) terminal.out.write(`${JSON.stringify({ older, unreadable, kinds: counts }, null, 2)}\n`);
  else terminal.out.write(`${counts.map(lineOf).join("\n")}\n${verdictOf({ older, unreadable })}\n`);
  return older + unreadable === 0 ? 0 : 1;
}

/** `secrets reseal`: seals with the present secret all that an older one sealed. */
export async function resealAll(
  { dependencies, terminal, stopping }: Desk,
  { json }: Options,
): Promise<number> {
  const total = sumSeals(await countSeals(dependencies)).older;
  const progress = createProgress(terminal, "reseal");
  let done = 0;
  const tell = () => {
    done += 1;
    progress.show(Math.min(1, done / Math.max(1, total)), counted(done, "value"));
  };
  const { resealed } = await reseal(dependencies, { tell, stopping }).finally(() => progress.end());
  if (stopping.aborted) {
    terminal.err.write("Stopped. The same command goes on from here.\n");
    return 130;
  }
  const { older, unreadable } = sumSeals(await countSeals(dependencies));
  const olderAnchorKeys = dependencies.auditAnchors?.olderPublicKeys ?? [];
  if (json) {
    terminal.out.write(`${JSON.stringify({ resealed, older, unreadable, olderAnchorKeys }, null, 2)}\n`);
  } else {
    terminal.out.write(`${counted(resealed, "value")} sealed anew. ${verdictOf({ older, unreadable })}\n`);
    tellAnchorKeys(terminal, olderAnchorKeys);
  }
  return older + unreadable === 0 ? 0 : 1;
}

function lineOf({ what, present, older, unreadable }: SealCount): string {
  const unknown = unreadable === 0 ? "" : `, ${unreadable} with a secret that was not given`;
  return `${what}: ${present} with the present secret, ${older} with an older one${unknown}`;
}

function verdictOf({ older, unreadable }: { older: number; unreadable: number }): string {
  if (unreadable > 0) {
    return `${counted(unreadable, "value")} cannot be opened with any secret that was given. Correct REDRESS_SECRET_PREVIOUS; what was lost in an earlier change is made anew by hand (docs/secrets.md).`;
  }
  if (older > 0) return `${counted(older, "value")} to be sealed anew: redress secrets reseal.`;
  return "Nothing needs an older secret. Take REDRESS_SECRET_PREVIOUS away twelve hours after every server got the present secret: sessions that began before have ended by then.";
}

function tellAnchorKeys({ out }: Terminal, keys: readonly string[]): void {
  for (const key of keys) {
    out.write(
      `Anchors of the audit log from before are signed with ${key}. Keep it: audit verify --public-key ${key}\n`,
    );
  }
}
