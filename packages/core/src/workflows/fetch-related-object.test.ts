import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStripeClient } from "../stripe/client.ts";
import { fetchRelatedObject } from "./fetch-related-object.ts";

// An event is given up only where Stripe says that there is nothing to ask for. A key without a permission, or
// a call that Stripe does not take, must fail it: it is repeated, and somebody sees it.
let answer: { status: number; error: Record<string, string> };
const server = createServer((_, response) => {
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { type: "invalid_request_error", message: "No.", ...answer.error } }));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

function fetchCharge(status: number, error: Record<string, string>) {
  answer = { status, error };
  const { port } = server.address() as AddressInfo;
  const stripe = createStripeClient({
    secretKey: "sk_test_1",
    apiOrigin: `http://127.0.0.1:${port}`,
  });
  const related = { type: "charge", id: "ch_1" };
  return fetchRelatedObject({ stripe }, { accountId: "acct_1", related });
}

test.each([
  ["object_missing", 404, { code: "resource_missing", param: "charge" }],
  ["object_missing", 404, { code: "resource_missing" }],
  ["account_unreachable", 403, { code: "account_invalid" }],
])("%s: %i, nothing to ask for", async (why, status, error) => {
  expect(await fetchCharge(status, error)).toEqual({ object: null, why });
});

test.each([
  ["a key without the permission", 403, { code: "more_permissions_required" }],
  ["a call that is not taken", 400, { code: "parameter_unknown", param: "expand" }],
  ["a key that is none", 401, {}],
])("%s fails it, to be repeated", async (_name, status, error) => {
  await expect(fetchCharge(status, error)).rejects.toMatchObject({ statusCode: status });
});
