const inWords = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "long" });

/** How long is left until a deadline, never more than there is: "8 days left", "less than an hour left". */
export function leftInWords(at: Date, now: Date): string {
  const hours = Math.floor((at.getTime() - now.getTime()) / 3_600_000);
  if (at <= now) return "the time is over";
  if (hours < 1) return "less than an hour left";
  if (hours < 48) return hours === 1 ? "1 hour left" : `${hours} hours left`;
  return `${Math.floor(hours / 24)} days left`;
}

/** When something is due, for people and for programs that read like them: "in 4 minutes", "now". */
export function dueInWords(at: Date, now: Date): string {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return inWords.format(seconds, "second");
  if (seconds <= 59 * 60) return inWords.format(Math.ceil(seconds / 60), "minute");
  return inWords.format(Math.ceil(seconds / 3600), "hour");
}
