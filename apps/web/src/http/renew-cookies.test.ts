import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { makeSignature } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renewCookies } from "./renew-cookies.ts";

// A new REDRESS_SECRET signs nobody out: what an older one signed is signed anew, for better-auth and for the browser,
// and what none of them signed stays what it was.
const secret = "the present secret of this desk, long enough";
const older = "an older secret of this desk, which is long enough";
const stranger = "a secret of somebody else, which is long enough";
let previousSecrets = [older];
const seen: (string | undefined)[] = [];
const server = createServer((request, response) => {
  renewCookies(request, response, { secret, previousSecrets, secure: true });
  seen.push(request.headers.cookie);
  response.end();
});
let url: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** As better-auth writes it. */
const signed = async (text: string, by: string) =>
  encodeURIComponent(`${text}.${await makeSignature(text, by)}`);

async function ask(cookie: string) {
  const response = await fetch(url, { headers: { cookie } });
  return { seen: seen.at(-1), set: response.headers.getSetCookie() };
}

test("a session of the older secret goes on under the present one", async () => {
  const session = await signed("token", older);
  const renewed = await signed("token", secret);
  const { seen, set } = await ask(`theme=dark; __Secure-redress.session_token=${session}`);
  expect(seen).toBe(`theme=dark; __Secure-redress.session_token=${renewed}`);
  expect(set).toHaveLength(1);
  expect(set[0]).toContain(
    `__Secure-redress.session_token=${renewed}; Path=/; HttpOnly; SameSite=Lax; Secure`,
  );
});

test("what the present one signed, nobody signed, or is not ours stays as it came", async () => {
  const others = [
    `redress.session_token=${await signed("token", secret)}`,
    `redress.session_token=${await signed("token", stranger)}`,
    `redress.session_token=${(await signed("token", older)).replace("token", "other")}`,
    `theme=${await signed("token", older)}`,
    "redress.session_token=%E0%A4%A",
    "redress.session_token",
  ];
  for (const cookie of others) expect(await ask(cookie)).toEqual({ seen: cookie, set: [] });
});

test("once the older secret is taken away, what it signed is worth nothing", async () => {
  previousSecrets = [];
  const cookie = `redress.session_token=${await signed("token", older)}`;
  expect(await ask(cookie)).toEqual({ seen: cookie, set: [] });
});
