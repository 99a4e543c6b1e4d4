import { asksForHelp, readArguments } from "@redress/cli/read-arguments";

const usage = "Use: npm run demo [-- --once]";

export const demoHelp = `Starts everything on this machine, does the main job once, then stays up.

${usage}

  --once  ends after the story
  --help  this text
`;

/**
 * Reads the command line of `npm run demo`.
 *
 * @returns "help" where that was asked for
 * @throws UsageError
 */
export function readDemoOptions(argv: readonly string[]): { readonly once: boolean } | "help" {
  if (asksForHelp(argv)) return "help";
  const { once = false } = readArguments(argv, { once: { type: "boolean" } }, usage);
  return { once };
}
