import { asksForHelp } from "@redress/cli/read-arguments";
import { UsageError } from "@redress/cli/usage-error";
import { type PlantedBug, readBugs } from "./bugs.ts";
import { type Finding, find } from "./find.ts";
import { plantedHelp, readPlantedOptions } from "./options.ts";

// Proves that the proof works: each planted bug must be found, and the code without them must pass.

const say = (line: string) => process.stdout.write(`${line}\n`);
const aside = (line: string) => process.stderr.write(`${line}\n`);

/** @throws UsageError */
async function chooseBugs(wanted: string | undefined): Promise<PlantedBug[]> {
  const bugs = await readBugs();
  const chosen = bugs.filter(({ name }) => wanted === undefined || name.includes(wanted));
  if (chosen.length > 0) return chosen;
  const names = bugs.map(({ name }) => name).join(", ");
  throw new UsageError(`There is no planted bug "${wanted}". There are: ${names}.`);
}

function row(bug: PlantedBug, { seed, runs, violation, otherwise }: Finding): string {
  const cells = [
    bug.title,
    seed ?? "not found",
    runs,
    violation?.invariant ?? "–",
    violation?.sentence ?? "–",
  ];
  const others = otherwise.map((other) => `${other.seed} (${other.violation.sentence.slice(0, 80)})`);
  if (others.length > 0) cells.push(`before it, otherwise: ${others.join("; ")}`);
  return `| ${cells.join(" | ")} |`;
}

async function main(signal: AbortSignal): Promise<number> {
  const argv = process.argv.slice(2);
  if (asksForHelp(argv)) {
    process.stdout.write(plantedHelp);
    return 0;
  }
  const { bug: wanted, first, count } = readPlantedOptions(argv);
  const bugs = await chooseBugs(wanted);
  const rows: string[] = [];
  const findings: (Finding & { bug: string })[] = [];
  for (const bug of bugs) {
    aside(`${bug.name} is planted in a copy; seeds ${first} to at most ${first + count - 1} …`);
    const finding = await find(bug, { first, count }, signal);
    findings.push({ bug: bug.name, ...finding });
    rows.push(row(bug, finding));
    aside(rows.at(-1) ?? "");
  }
  const runs = Math.max(...findings.map((finding) => finding.runs));
  aside(`the code as it is, on the same ${runs} seeds …`);
  const clean = await find(null, { first, count: runs }, signal);
  say("| bug | first failing seed | runs needed | invariant broken | first violation |");
  say("| --- | --- | --- | --- | --- |");
  for (const line of rows) say(line);
  if (clean.violation) say(`Without any bug, seed ${clean.seed} fails: ${clean.violation.sentence}`);
  const found = findings.filter(({ seed }) => seed !== null).length;
  const bySeed = Object.fromEntries(findings.map(({ bug, seed }) => [bug, seed]));
  const unpatched = { runs: clean.runs, violations: clean.violation === null ? 0 : 1 };
  say(JSON.stringify({ bugs: bugs.length, found, firstFailingSeed: bySeed, unpatched }));
  return found === bugs.length && clean.violation === null ? 0 : 1;
}

const interruption = new AbortController();
for (const event of ["SIGINT", "SIGTERM"] as const) process.once(event, () => interruption.abort());
try {
  process.exitCode = await main(interruption.signal);
} catch (error) {
  aside(interruption.signal.aborted ? "interrupted" : error instanceof Error ? error.message : String(error));
  process.exitCode = interruption.signal.aborted ? 130 : 2;
}
