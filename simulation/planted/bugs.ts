import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Violation } from "../judge.ts";

const run = promisify(execFile);

/** A mistake somebody could make, as a patch that never ships, and what the judge must say of it. */
export interface PlantedBug {
  /** The patch's file name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly invariant: number;
  /** A violation that belongs to this bug, and to no crash beside it, has such a sentence. */
  readonly sentence: RegExp;
}

/** Reads the patches of this folder with their headers. @throws Error when a header is not whole */
export async function readBugs(): Promise<PlantedBug[]> {
  const folder = import.meta.dirname;
  const files = (await readdir(folder)).filter((file) => file.endsWith(".patch")).toSorted();
  return Promise.all(files.map(async (file) => readHeader(join(folder, file), file.replace(/\.patch$/, ""))));
}

async function readHeader(file: string, name: string): Promise<PlantedBug> {
  const [header = ""] = (await readFile(file, "utf8")).split(/^diff --git/m);
  const member = (label: string) => {
    const value = new RegExp(`^${label}: (.+)$`, "m").exec(header)?.[1];
    if (value === undefined) throw new Error(`${name}.patch does not say "${label}: …" in its header`);
    return value;
  };
  member("Mistake");
  member("Nets taken out");
  return {
    name,
    title: member("Bug"),
    file,
    invariant: Number(member("Invariant")),
    sentence: new RegExp(member("Sentence")),
  };
}

export function belongsTo(bug: PlantedBug, { invariant, sentence }: Violation): boolean {
  return invariant === bug.invariant && bug.sentence.test(sentence);
}

/**
 * Applies a patch to a tree, which need not be a repository.
 *
 * @param options.check only says whether it would apply
 * @throws Error with what git says when it does not apply
 */
export async function applyBug(
  directory: string,
  { file }: PlantedBug,
  options: { check?: boolean } = {},
): Promise<void> {
  // A repository around the tree would make git look for the files in itself.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(directory) };
  await run("git", ["apply", ...(options.check ? ["--check"] : []), file], { cwd: directory, env });
}
