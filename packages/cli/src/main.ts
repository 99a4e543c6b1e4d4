#!/usr/bin/env tsx
import { createInterface } from "node:readline/promises";
import { run } from "./run.ts";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time, at once: what was begun is gone on with by the next run.
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question, { signal: stopping.signal });
  } catch {
    // Ctrl-C, or the end of what can be typed.
    return "";
  } finally {
    reader.close();
  }
}

process.exitCode = await run(
  process.argv.slice(2),
  process.env,
  {
    out: process.stdout,
    err: process.stderr,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  },
  stopping.signal,
);
