import type { Terminal } from "./terminal.ts";

/** Waits for a slow reader, such as a pipe, so that memory stays flat. */
export async function written(out: Terminal["out"], piece: string): Promise<void> {
  const isTaken = out.write(piece);
  if (isTaken === false && out === process.stdout) {
    await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
