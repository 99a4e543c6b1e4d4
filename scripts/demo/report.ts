const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** One chapter of the story. */
export function chapter(title: string): void {
  console.log(`\n${paint(1, title)}`);
}

/** A step that happened, with its ids and states. */
export function step(sentence: string, facts: Record<string, unknown> = {}): void {
  const listed = Object.entries(facts)
    .map(([name, value]) => `${name} ${paint(36, String(value))}`)
    .join("  ");
  console.log(`  ${paint(32, "✓")} ${sentence}${listed === "" ? "" : `\n      ${listed}`}`);
}

export function say(line: string): void {
  console.log(paint(2, line));
}

/** The story is told only as far as it is true. */
export class StoryBroken extends Error {
  override readonly name = "StoryBroken";
}

/** @throws StoryBroken naming what differs */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new StoryBroken(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
  }
}

/** Asks again until the answer is there; 20 seconds, then the story is broken. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | null | undefined | false>,
): Promise<Answer> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new StoryBroken(`${what} did not happen within 20 seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
