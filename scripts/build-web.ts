import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { oneAtATime } from "./one-at-a-time.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "apps/web/.next/redress-sources");
// Not in .next, which a build empties.
const building = join(root, "node_modules/.cache/redress-building");
const sources = [
  "apps/web",
  "packages/core/src",
  "packages/database/src",
  "package-lock.json",
  "tsconfig.base.json",
];

/**
 * Builds the console when its sources have changed since the last build. Seconds; nothing when they have not, and then
 * nothing is written either: an image's files may be read-only.
 */
export async function buildWeb(say: (line: string) => void): Promise<void> {
  if ((await builtSources()) === (await hashSources())) return;
  await oneAtATime(building, () => buildChanged(say));
}

async function builtSources(): Promise<string> {
  return existsSync(stamp) ? await readFile(stamp, "utf8") : "";
}

async function buildChanged(say: (line: string) => void): Promise<void> {
  const hash = await hashSources();
  if ((await builtSources()) === hash) return;
  say("Building the console: some 20 seconds, once …");
  await run();
  await writeFile(stamp, hash);
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of await listFiles(join(root, source))) {
      hash.update(relative(root, file)).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

async function listFiles(path: string): Promise<string[]> {
  const ignored = /^(node_modules|\.next|next-env\.d\.ts|.*\.tsbuildinfo|.*\.test\.tsx?)$/;
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (entries === null) return existsSync(path) ? [path] : [];
  const nested = entries
    .filter((entry) => !ignored.test(entry.name))
    .map((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(nested)).flat().sort();
}

/** Next's own output is shown only when the build fails. */
function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "build", "-w", "@redress/web"], {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The console could not be built:\n${output}`));
    });
  });
}
