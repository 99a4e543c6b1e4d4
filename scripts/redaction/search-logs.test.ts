import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@redress/core/logger";
import { expect, test } from "vitest";
import { findSecrets } from "./find-secrets.ts";
import { searchLogs } from "./search-logs.ts";

// Invariant 7: no secret is ever logged. `npm test` searches the logs of its whole run; this shows that the search can find.
const test1 = "sk_test";
test.each([
  ["Stripe key", `{"msg":"x","key":"${test1}_51Nabcdefgh"}`],
  ["webhook secret", `signed with whsec_${"a".repeat(24)}`],
  ["session cookie", "cookie: better-auth.session_token=abcdefgh.ijkl; Path=/"],
  ["bearer token", "authorization: Bearer abcdefgh12345"],
  ["password in an address", "postgres://desk:hunter22@db.example.com/desk"],
  ["known secret", 'typed {"password":"a \\"quoted\\" one"}'],
  ["card number", '{"number":4242424242424242}'],
  ["card number", "paid with 4242 4242 4242 4242 today"],
  ["card number", "3782-822463-10005"],
])("a %s is found", (kind, text) => {
  expect(findSecrets(text, ['a "quoted" one']).map((one) => one.kind)).toContain(kind);
});

test.each([
  "pk_test_51Nabcdefgh and whsec_ alone, sk_test_ too",
  '{"at":1796092658000,"amount":999999999999,"ns":1796092658000000000}',
  "4242424242424241 fails its check digit",
  "pi_4242424242424242 and 0.4242424242424242 are no numbers of cards",
  '{"secret":"[secret]"}',
  "http://127.0.0.1:3000/a and user@example.com, postgresql://redress:***@127.0.0.1/desk",
])("%s is nothing", (text) => {
  expect(findSecrets(text, ["another"])).toEqual([]);
});

test("a secret that a desk logged is found in the folder of the run, with its place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redress-logs-"));
  try {
    await writeFile(join(folder, "7.secrets"), `${JSON.stringify("hunter22")}\n`);
    const logger = createLogger({ file: join(folder, "7.log") });
    logger.info({ password: "hunter22" }, "Redacted by its name.");
    expect((await searchLogs(folder)).findings).toEqual([]);
    logger.info({ words: ["hunter22"] }, "Not redacted.");
    expect(await searchLogs(folder)).toEqual({
      ...{ lines: 2, secrets: 1 },
      findings: [{ kind: "known secret", begins: "hunt", place: "7.log:2", sentence: "Not redacted." }],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
