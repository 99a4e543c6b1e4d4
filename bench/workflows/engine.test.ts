import { expect, test } from "vitest";
import { UsageError } from "../options.ts";
import { readEngine } from "./engine.ts";

// No figure is printed under the name of an engine that did not run.
const found = (isDbos: boolean) => async () => [{ found: isDbos }];

test("DBOS needs nothing of the environment", async () => {
  const engine = readEngine("dbos", { INNGEST_EVENT_KEY: "somebody's" });
  expect(engine.env).toEqual({});
  await expect(engine.check(found(true))).resolves.toBeUndefined();
  await expect(engine.check(found(false))).rejects.toThrow("does not run its workflows on dbos");
});

test("Inngest is refused with a sentence where no server is given", () => {
  expect(() => readEngine("inngest", { INNGEST_EVENT_KEY: "key" })).toThrow(UsageError);
  expect(() => readEngine("inngest", {})).toThrow("INNGEST_BASE_URL");
});

test("Inngest's variables go to Redress, and Redress must use them", async () => {
  const given = { INNGEST_BASE_URL: "http://127.0.0.1:8288", INNGEST_EVENT_KEY: "key" };
  const engine = readEngine("inngest", { ...given, PATH: "/bin" });
  expect(engine.env).toEqual(given);
  await expect(engine.check(found(false))).resolves.toBeUndefined();
  await expect(engine.check(found(true))).rejects.toThrow("does not run its workflows on inngest");
});
