import type { BrokenSeal } from "./verify-audit.ts";

/** What each break means, for people: follows "Entry 12: ". */
export const breakSentences: Readonly<Record<BrokenSeal["reason"], string>> = {
  row_changed: "the entry, its place or its seal was changed after it was sealed",
  row_missing: "the entry was removed",
  row_added: "the entry was put in among older ones and was never sealed",
  seal_missing: "its seal was removed",
  seal_changed: "its seal does not follow from the one before: it was changed, put in or moved",
  anchor_differs: "the chain is whole in itself, but another one was anchored: it was made anew",
  chain_cut: "the end was cut off: an anchor names seals that are not there any more",
};
