#!/usr/bin/env tsx
import { run } from "./run.ts";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time, at once: what was begun is gone on with by the next run.
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

process.exitCode = await run(
  process.argv.slice(2),
  process.env,
  { out: process.stdout, err: process.stderr },
  stopping.signal,
);
