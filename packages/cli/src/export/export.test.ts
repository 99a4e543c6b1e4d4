import { askRefund, execute } from "@redress/core/testing/drive-refund";
import { type Harness, startHarness } from "@redress/core/testing/harness";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.ts";

// The command as people type it: the file is whole or the exit code says that it is not.
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function redress(words: string[], stopping = new AbortController().signal) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text) },
  };
  const environment = {
    DATABASE_URL: harness.connectionString,
    REDRESS_SANDBOX_ORIGIN: harness.sandbox.origin,
    REDRESS_SECRET: "a secret for tests that is long enough",
  };
  const code = await run(["export", ...words], environment, terminal, stopping);
  return { code, out: out.join(""), err: err.join("") };
}

test("the refunds of an app, month and currency go to standard output", async () => {
  const app = await harness.app({ slug: "my-shop", approvalRules: [{ amount: 9_000, currency: "eur" }] });
  const { id } = await askRefund(harness, await harness.purchase({ app }), { amount: 1_250 });
  await execute(harness, id);
  const month = harness.clock.now().toISOString().slice(0, 7);
  const all = await redress(["refunds", "--app", "my-shop", "--month", month, "--currency", "eur"]);
  expect(all.code).toBe(0);
  const [head, line, ...rest] = all.out.split("\r\n");
  expect(head).toMatch(/^kind,booked_at,app,refund_id,/);
  expect(line).toContain(`,my-shop,${id},`);
  expect(line).toContain(",-1250,-12.50,");
  expect(rest).toEqual([""]);
  for (const filter of [
    ["--month", "2020-01"],
    ["--currency", "jpy"],
  ]) {
    expect((await redress(["refunds", ...filter])).out.split("\r\n")).toHaveLength(2);
  }
  const stopped = await redress(["refunds"], AbortSignal.abort());
  expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining("only a part") });
});

test.each([
  [[], "Say what to export: refunds."],
  [["purchases"], 'There is no "export purchases"'],
  [["refunds", "--month", "november"], "--month must be a month such as 2026-11"],
  [["refunds", "--currency", "EUR"], "--currency must be a lower-case currency"],
  [["refunds", "--app", "nowhere"], "no app"],
])("%j is refused in words", async (words, sentence) => {
  expect(await redress(words)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
});
