export const toneClasses = {
  good: "bg-good-tint text-good",
  waiting: "bg-waiting-tint text-waiting",
  bad: "bg-bad-tint text-bad",
  moving: "bg-moving-tint text-moving",
  quiet: "bg-quiet-tint text-quiet",
} as const;
