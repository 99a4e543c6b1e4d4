import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

// Guarantee: the local Stripe works alone, from what `npm pack` makes of it, in an empty folder and on plain Node.
const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/stripe-sandbox");
const require = createRequire(import.meta.url);
let home: string;
let sandbox: ChildProcess | undefined;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "redress-sandbox-package-"));
  execFileSync(
    process.execPath,
    [require.resolve("tsx/cli"), join(root, "scripts/pack-package.ts"), source],
    {
      stdio: "pipe",
    },
  );
  const answer = execFileSync("npm", ["pack", join(source, "dist"), "--json"], {
    cwd: home,
    encoding: "utf8",
  });
  const [{ filename }] = z.tuple([z.object({ filename: z.string() })]).parse(JSON.parse(answer));
  execFileSync("tar", ["-xzf", filename], { cwd: home });
  // What an installation would put beside it; linked, since tests need no registry.
  mkdirSync(join(home, "package/node_modules"));
  symlinkSync(dirname(require.resolve("zod/package.json")), join(home, "package/node_modules/zod"));
}, 120_000);
afterAll(() => {
  sandbox?.kill();
  rmSync(home, { recursive: true, force: true });
});

test("the packed sandbox starts by its name, and answers as a Stripe", { timeout: 60_000 }, async () => {
  const program = join(home, "package/cli.js");
  sandbox = spawn(program, ["--port", "0"], { cwd: home, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: sandbox.stdout ?? process.stdin });
  const found: Record<string, string> = {};
  for await (const line of lines) {
    const [, name, value] = /^ {2}(origin|secret key) +(\S+)$/.exec(line) ?? [];
    if (name && value) found[name] = value;
    if (line.startsWith("Ctrl-C")) break;
  }
  const answer = await fetch(`${found.origin}/v1/account`, {
    headers: { authorization: `Bearer ${found["secret key"]}` },
  });
  expect(z.object({ object: z.string() }).parse(await answer.json()).object).toBe("account");
  const ended = once(sandbox, "exit");
  sandbox.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});
