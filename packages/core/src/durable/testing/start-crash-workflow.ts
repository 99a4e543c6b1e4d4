import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts `crash-workflow.ts` in a process of its own, to be killed. */
export function startCrashWorkflow(parameters: readonly string[]): {
  child: ChildProcess;
  /** Resolves when the process has said the line. */
  said(wanted: string): Promise<void>;
} {
  const program = fileURLToPath(new URL("crash-workflow.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  return {
    child,
    said: (wanted) =>
      new Promise((resolve, reject) => {
        if (lines.includes(wanted)) resolve();
        reader.on("line", (line) => {
          lines.push(line);
          if (line === wanted) resolve();
        });
        child.on("exit", () =>
          reject(new Error(`the process ended before it said ${wanted}: ${lines.join("\n")}`)),
        );
      }),
  };
}
