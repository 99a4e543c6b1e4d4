import { existsSync, readdirSync, readFileSync } from "node:fs";
import { run } from "@redress/cli/run";
import { readOptions as readBenchOptions } from "../../bench/options.ts";
import { readCommandLine } from "../../packages/stripe-sandbox/src/command-line.ts";
import { readCrashOptions } from "../../simulation/crash/options.ts";
import { readOptions as readSimulationOptions } from "../../simulation/options.ts";
import { readPlantedOptions } from "../../simulation/planted/options.ts";
import { readDemoOptions } from "../demo/options.ts";
import { wordsOf } from "./commands.ts";
import { repository } from "./pages.ts";

/** Scripts whose own reader judges what stands behind the `--`. */
const readers: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  bench: readBenchOptions,
  crashes: readCrashOptions,
  demo: readDemoOptions,
  planted: readPlantedOptions,
  sandbox: readCommandLine,
  simulate: readSimulationOptions,
};

/**
 * What is wrong with the words of a command, without running it: a script, command or option that does not exist.
 *
 * @returns sentences; none for a program that is not this project's
 */
export async function faultsOf(command: string): Promise<string[]> {
  const faults: string[] = [];
  for (const part of command.split(/ && | \| /)) {
    // `[--seed 1]` in a table stands for an option that may be left out; what is redirected is the shell's.
    const words = wordsOf(part.replace(/ > \S+/, "").replaceAll(/[[\]]/g, "")).filter(
      (word, place, all) =>
        !(/^[A-Z_]+=/.test(word) && all.slice(0, place).every((one) => one.includes("="))),
    );
    faults.push(...(await faultsOfWords(words)));
  }
  return faults;
}

async function faultsOfWords([program, ...words]: readonly string[]): Promise<string[]> {
  if (program === "redress") return faultsOfRedress(words);
  if (program === "npm" && words[0] === "run") return faultsOfScript(words.slice(1));
  if (program === "npm" && ["start", "test"].includes(words[0] ?? "")) return faultsOfScript(words);
  if (program === "npx" && words[0] === "vitest") return missing(words.slice(2).filter(isPath));
  return program === undefined ? [] : missing(isPath(program) ? [program] : []);
}

const isPath = (word: string) => /^\.?[a-z]+[\w.-]*\/[\w./-]+$/.test(word);
const missing = (paths: readonly string[]) =>
  paths.filter((path) => !existsSync(`${repository}${path}`)).map((path) => `There is no ${path}.`);

async function faultsOfScript(words: readonly string[]): Promise<string[]> {
  const [name = "", ...rest] = words.filter((word) => word !== "--silent");
  const scripts = scriptsOf(rest[0] === "-w" ? (folders.get(rest[1] ?? "") ?? "nowhere/") : "");
  if (!Object.hasOwn(scripts, name)) return [`There is no script "${name}".`];
  const behind = rest.indexOf("--");
  const given = behind < 0 ? [] : rest.slice(behind + 1);
  if (name === "redress") return faultsOfRedress(given);
  const reader = readers[name];
  try {
    // Without words some of them ask for one; the script by itself is what was named.
    if (given.length > 0) reader?.(given);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Name of a package → its folder. */
const folders: ReadonlyMap<string, string> = new Map(
  ["packages", "apps", "examples"]
    .flatMap((parent) => readdirSync(`${repository}${parent}`).map((name) => `${parent}/${name}/`))
    .filter((folder) => existsSync(`${repository}${folder}package.json`))
    .map((folder) => [JSON.parse(readFileSync(`${repository}${folder}package.json`, "utf8")).name, folder]),
);

function scriptsOf(folder: string): object {
  const file = `${repository}${folder}package.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).scripts ?? {}) : {};
}

/** Held against the command's own help, which says every word and option that it takes. */
async function faultsOfRedress(words: readonly string[]): Promise<string[]> {
  const [command = "--help", subcommand] = words[0] === "help" ? words.slice(1) : words;
  // `<command>` and `…` stand for any.
  if (/^[<…-]/.test(command)) return [];
  const said: string[] = [];
  const terminal = { out: { write: (text: string) => said.push(text) }, err: { write: () => true } };
  const code = await run(["help", command], {}, terminal, new AbortController().signal);
  if (code !== 0) return [`There is no command "${command}".`];
  const help = said.join("");
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/, ""));
  const isGroup = new RegExp(`redress -- ${command} [a-z]`).test(help);
  const faults = options
    .filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help))
    .map((option) => `${command} has no option ${option}.`);
  const isKnown = new RegExp(`redress -- ${command} ${subcommand}(?![\\w-])`).test(help);
  if (isGroup && subcommand !== undefined && /^[a-z-]+$/.test(subcommand) && !subcommand.startsWith("-")) {
    if (!isKnown) faults.push(`There is no "${command} ${subcommand}".`);
  }
  return faults;
}
