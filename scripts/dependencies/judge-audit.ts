import { z } from "zod";

const reportShape = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), range: z.string(), isDirect: z.boolean() }),
  ),
});

export interface AuditVerdict {
  readonly state: "clear" | "holes" | "unanswered";
  /** For people, one a line. */
  readonly lines: readonly string[];
}

const grave = new Set(["high", "critical"]);

/**
 * What `npm audit --json` said. A registry that answers no audits is no fault of the project, and is told as such.
 *
 * @param text what npm wrote to standard output
 */
export function judgeAudit(text: string): AuditVerdict {
  const report = reportShape.safeParse(parsed(text));
  if (!report.success) {
    const line = "The registry did not answer the audit: known holes in dependencies were NOT looked for.";
    return { state: "unanswered", lines: [line] };
  }
  const known = Object.entries(report.data.vulnerabilities);
  const lines = known.map(([name, { severity, range, isDirect }]) => {
    return `${severity}  ${name} ${range}${isDirect ? "" : " (of another dependency)"}`;
  });
  const isGrave = known.some(([, { severity }]) => grave.has(severity));
  const count = `${known.length} known ${known.length === 1 ? "hole" : "holes"} in what production installs.`;
  return { state: isGrave ? "holes" : "clear", lines: [...lines, count] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
