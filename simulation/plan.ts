import { Chance } from "./chance.ts";

const drawnKinds = [
  "request",
  "approve",
  "reject",
  "withdraw",
  "supersede",
  "replay_event",
  "merchant_refund",
  "strip_metadata",
  "copy_metadata",
  "edit_metadata",
  "dispute",
  "close_dispute",
  "disconnect",
  "revoke",
  "connect",
  "refund_moves_on",
  "bank_reference",
  "app_goes_down",
  "app_comes_back",
  "new_charge",
  "resume_asked",
  "look_at_unattributed",
] as const;
/** What a story may hold besides: see `planStop`. */
const stopKinds = ["stop_refunds", "release_refunds"] as const;
export type ActionKind = (typeof drawnKinds | typeof stopKinds)[number];

/** One thing that somebody does. All of it is drawn at the start, so that leaving one out changes no other. */
export interface Action {
  readonly number: number;
  readonly kind: ActionKind;
  /** After the start of the story. */
  readonly atMs: number;
  /** Decides who, which and how much. */
  readonly seed: string;
}

const weights: Readonly<Record<(typeof drawnKinds)[number], number>> = {
  request: 30,
  approve: 22,
  reject: 4,
  withdraw: 6,
  supersede: 6,
  replay_event: 4,
  merchant_refund: 8,
  strip_metadata: 2,
  copy_metadata: 2,
  edit_metadata: 2,
  dispute: 4,
  close_dispute: 4,
  disconnect: 3,
  revoke: 3,
  connect: 5,
  refund_moves_on: 8,
  bank_reference: 2,
  app_goes_down: 2,
  app_comes_back: 3,
  new_charge: 5,
  resume_asked: 2,
  look_at_unattributed: 4,
};

/** The story of a run, as people plan it. */
export function planStory(seed: string): Action[] {
  const chance = new Chance(`${seed}/story`);
  // Short stories find most of what there is to find; the long ones find what needs many to meet.
  const count = chance.happens(0.85) ? chance.between(6, 11) : chance.between(12, 26);
  const kinds = drawnKinds.flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));
  let atMs = 0;
  const drawn = Array.from({ length: count }, (_, index): Action => {
    atMs += nextPause(chance);
    const number = index + 1;
    // The first are requests: without one, nothing else has an effect.
    const kind = index < 2 ? "request" : chance.pick(kinds);
    return { number, kind, atMs, seed: `${seed}/action ${number}` };
  });
  return [...drawn, ...planStop(seed, drawn)].sort((one, other) => one.atMs - other.atMs);
}

/** In some stories an admin stops the refunds of an app, and in most of these lets them run again. Both from chances of their own, so that the story around them is the same as without. */
function planStop(seed: string, story: readonly Action[]): Action[] {
  const chance = new Chance(`${seed}/stop`);
  if (!chance.happens(0.15)) return [];
  const first = story.length + 1;
  const stopAt = chance.pick(story).atMs + chance.below(2_000);
  const pair = { seed: `${seed}/stop of an app` };
  const stop: Action = { ...pair, number: first, kind: "stop_refunds", atMs: stopAt };
  if (chance.happens(0.2)) return [stop];
  const atMs = stopAt + chance.pick([500, 30_000, 3_600_000, 27 * 3_600_000]);
  return [stop, { ...pair, number: first + 1, kind: "release_refunds", atMs }];
}

function nextPause(chance: Chance): number {
  const drawn = chance.fraction();
  if (drawn < 0.4) return chance.below(60);
  if (drawn < 0.7) return chance.below(6_000);
  if (drawn < 0.92) return chance.between(30_000, 600_000);
  if (drawn < 0.985) return chance.between(1, 4) * 3_600_000;
  return 26 * 3_600_000;
}
