import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Finding, findSecrets } from "./find-secrets.ts";

export interface LogSearch {
  readonly lines: number;
  readonly secrets: number;
  /** Each with its file and line. */
  readonly findings: readonly (Finding & { readonly place: string; readonly sentence: string })[];
}

/** Searches all that the desks of a test run said (see `run-logs.ts`) for secrets and card numbers. */
export async function searchLogs(folder: string): Promise<LogSearch> {
  const names = await readdir(folder);
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
  const known = new Set(
    texts
      .filter(({ name }) => name.endsWith(".secrets"))
      .flatMap(({ text }) => text.split("\n").filter(Boolean))
      .map((line) => z.string().parse(JSON.parse(line))),
  );
  const lines = texts
    .filter(({ name }) => !name.endsWith(".secrets"))
    .flatMap(({ name, text }) =>
      text.split("\n").map((line, index) => ({ line, place: `${name}:${index + 1}` })),
    )
    .filter(({ line }) => line !== "");
  // One look at all of it: most runs have nothing, and a look at each line for each secret takes minutes.
  const all = lines.map(({ line }) => line).join("\n");
  const there = [...known].filter((secret) =>
    findSecrets(all, [secret]).some(({ kind }) => kind === "known secret"),
  );
  const findings = lines.flatMap(({ line, place }) =>
    findSecrets(line, there).map((finding) => ({ ...finding, place, sentence: sentenceOf(line) })),
  );
  return { lines: lines.length, secrets: known.size, findings };
}

/** What the line says, without its facts. */
function sentenceOf(line: string): string {
  try {
    return z.object({ msg: z.string() }).parse(JSON.parse(line)).msg.slice(0, 80);
  } catch {
    return "(no line of the log)";
  }
}
