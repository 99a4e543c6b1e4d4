/** Slack: formatting text for app surfaces. The three characters that begin mentions, links and entities. */
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** Control characters, and those that turn the direction of text or cannot be seen, which could make it read as another. */
const deceiving = /[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/**
 * A text of anybody's as Slack shows it literally: no mention, no link, no second line that looks like ours.
 *
 * @param longest characters that Slack takes of the result, which grows by escaping
 */
export function escapeText(text: string, longest: number): string {
  const plain = text.replace(deceiving, " ");
  let escaped = "";
  for (const character of plain) {
    const next = entities[character] ?? character;
    // An ellipsis has to fit behind it.
    if (escaped.length + next.length > longest - 1) return `${escaped}…`;
    escaped += next;
  }
  return escaped;
}
