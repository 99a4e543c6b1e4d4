import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";

it("writes what happened, and no secret, however deep it stands", () => {
  const lines: string[] = [];
  const logger = createLogger({ stream: { write: (line) => lines.push(line) } });
  logger.info(
    {
      refundId: "rfd_1",
      password: "p4ss",
      app: { notificationSecret: "whsec_x" },
      a: { b: { token: "tok" } },
    },
    "Asked.",
  );
  logger.debug({}, "Too small to write.");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ refundId: "rfd_1", msg: "Asked." });
  expect(lines[0]).not.toMatch(/p4ss|whsec_x|"tok"/);
});
