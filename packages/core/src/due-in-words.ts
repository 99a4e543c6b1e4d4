const inWords = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "long" });

/** When something is due, for people and for programs that read like them: "in 4 minutes", "now". */
export function dueInWords(at: Date, now: Date): string {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return inWords.format(seconds, "second");
  if (seconds <= 59 * 60) return inWords.format(Math.ceil(seconds / 60), "minute");
  return inWords.format(Math.ceil(seconds / 3600), "hour");
}
