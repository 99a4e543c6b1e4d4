import { spawnSync } from "node:child_process";
import { judgeAudit } from "./judge-audit.ts";

/** `npm run advisories`: fails on known holes, high or critical, in what production installs. */
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  encoding: "utf8",
  timeout: 120_000,
  maxBuffer: 64 * 1024 * 1024,
});
const { state, lines } = judgeAudit(stdout ?? "");
process.stdout.write(`${lines.join("\n")}\n`);
process.exitCode = state === "holes" ? 1 : 0;
