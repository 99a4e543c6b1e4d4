/** What somebody typed must not look like a line of ours, nor turn the reading around. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]+/gu, " ");
}
