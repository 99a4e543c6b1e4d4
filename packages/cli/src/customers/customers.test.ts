import { type Harness, startHarness } from "@redress/core/testing/harness";
import { purchases } from "@redress/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.ts";

// The command as people type it: nothing is erased by trying, and what is said names tables, never the customer.
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function redress(...words: string[]) {
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
  const code = await run(["customers", ...words], environment, terminal, new AbortController().signal);
  return { code, out: out.join(""), err: err.join("") };
}

const emails = async () =>
  (await harness.dependencies.database.select({ email: purchases.customerEmail }).from(purchases)).map(
    ({ email }) => email,
  );

test("exports, says what would be erased, and erases with --yes", async () => {
  const app = await harness.app({ slug: "my-shop" });
  await harness.purchase({ app, customerEmail: "lin@example.com" });
  await harness.purchase({ app, customerEmail: "bo@example.com" });

  const exported = await redress("export", "--email", "lin@example.com", "--app", "my-shop");
  expect(exported).toMatchObject({ code: 0, err: "1 purchase found.\n" });
  expect(JSON.parse(exported.out)).toMatchObject({
    purchases: [{ customerEmail: "lin@example.com" }],
    refunds: [],
  });

  const planned = await redress("erase", "--email", "lin@example.com");
  expect([planned.code, planned.out]).toMatchSnapshot();
  expect(await emails()).toContain("lin@example.com");
  const erased = await redress("erase", "--email", "lin@example.com", "--yes", "--json");
  expect(JSON.parse(erased.out)).toEqual({
    erased: true,
    purchases: 1,
    removed: { purchases: 1 },
    mentions: [],
  });
  expect(new Set(await emails())).toEqual(new Set([null, "bo@example.com"]));
  expect((await redress("erase", "--email", "lin@example.com")).out).toContain("0 purchases");
});

test.each([
  [[], "Say export or erase."],
  [["erase"], "Say whose data is meant"],
  [["erase", "--email", "a@example.com", "--app", "nowhere"], "no app"],
])("%j is refused in words", async (words, sentence) => {
  expect(await redress(...words)).toMatchObject({ code: 2, err: expect.stringContaining(sentence) });
});
