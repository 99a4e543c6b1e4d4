#!/usr/bin/env tsx
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
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
  // While it reads the terminal, Ctrl-C and the end of input come to it, and no answer is one as well.
  reader.on("SIGINT", () => stopping.abort());
  const ended = once(reader, "close").then(() => "");
  try {
    return await Promise.race([reader.question(question, { signal: stopping.signal }), ended]);
  } catch {
    return "";
  } finally {
    reader.close();
  }
}

/** No key is near it. */
const longestSecret = 4_096;

async function readSecret(question: string): Promise<string> {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    process.stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
    reader.on("SIGINT", () => stopping.abort());
    const ended = once(reader, "close").then(() => "");
    try {
      return await Promise.race([reader.question("", { signal: stopping.signal }), ended]);
    } catch {
      return "";
    } finally {
      reader.close();
      process.stderr.write("\n");
    }
  }
  let text = "";
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > longestSecret) return "";
  }
  return text;
}

process.exitCode = await run(
  process.argv.slice(2),
  process.env,
  {
    out: process.stdout,
    err: process.stderr,
    readSecret,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  },
  stopping.signal,
);
