import { expect, test } from "vitest";
import { judgeAudit } from "./judge-audit.ts";

// Guarantee: a grave hole in a production dependency fails CI; a registry that answers no audits does not, and is told.
const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });
const hole = (severity: string) => ({ severity, range: "<1.2.3", isDirect: false, via: [] });

test.each(["high", "critical"])("%s fails", (severity) => {
  const { state, lines } = judgeAudit(report({ left: hole("low"), right: hole(severity) }));
  expect(state).toBe("holes");
  expect(lines).toContain(`${severity}  right <1.2.3 (of another dependency)`);
});

test.each(["info", "low", "moderate"])("%s is told and does not fail", (severity) => {
  expect(judgeAudit(report({ left: hole(severity) }))).toMatchObject({
    state: "clear",
    lines: [expect.stringContaining(severity), "1 known hole in what production installs."],
  });
});

test("none is clear", () => {
  expect(judgeAudit(report({})).state).toBe("clear");
});

test.each([
  [
    "an answer that audits are not served",
    JSON.stringify({ message: "405 Method Not Allowed", statusCode: 405 }),
  ],
  ["no answer", ""],
  ["a page of HTML", "<html>"],
])("%s is said to be none", (_what, text) => {
  const { state, lines } = judgeAudit(text);
  expect(state).toBe("unanswered");
  expect(lines.join()).toContain("NOT looked for");
});
