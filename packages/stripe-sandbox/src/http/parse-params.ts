import type { z } from "zod";
import { SandboxError } from "../errors.ts";
import type { FormValue } from "./params.ts";

/**
 * Parses decoded form values; whatever is wrong becomes Stripe's own 400, unknown parameters first, then
 * missing ones, then malformed ones. Source: contract section 2.4.
 */
export function parseParams<S extends z.ZodType>(schema: S, raw: { [name: string]: FormValue }): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => describe(issue, []));
  problems.sort((a, b) => a.rank - b.rank);
  const [first] = problems;
  if (first === undefined) throw new Error("zod failed without an issue");
  const { message, code, param } = first;
  throw new SandboxError({
    status: 400,
    message: message.replaceAll("{param}", param),
    code,
    param,
  });
}

interface Problem {
  rank: number;
  message: string;
  code?: string | undefined;
  param: string;
}

function wireName(path: readonly PropertyKey[]): string {
  const [head, ...rest] = path.map(String);
  return `${head ?? ""}${rest.map((segment) => `[${segment}]`).join("")}`;
}

function describe(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Problem {
  const path = [...prefix, ...issue.path];
  const param = wireName(path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const names = issue.keys.map((key) => wireName([...path, key]));
      return {
        rank: 0,
        code: "parameter_unknown",
        param: names[0] ?? param,
        message: `Received unknown parameter${names.length > 1 ? "s" : ""}: ${names.join(", ")}`,
      };
    }
    case "invalid_union": {
      // The branch that got furthest says best what is wrong.
      const branches = issue.errors.flatMap((branch) => branch.map((inner) => describe(inner, path)));
      const informative = branches.filter((problem) => problem.rank !== 3);
      return informative.at(-1) ?? branches.at(-1) ?? { rank: 3, param, message: `Invalid ${param}` };
    }
    case "custom": {
      const code = issue.params?.code;
      return { rank: 2, param, message: issue.message, code: typeof code === "string" ? code : undefined };
    }
    default:
      return issue.code === "invalid_type" && issue.input === undefined
        ? { rank: 1, code: "parameter_missing", param, message: `Missing required param: ${param}.` }
        : { rank: 3, param, message: `Invalid ${issue.code === "invalid_type" ? issue.expected : param}` };
  }
}
