import { randomBytes } from "node:crypto";
import { apps, operatorSecondFactors, outboxMessages } from "@redress/database";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rotateNotificationSecret } from "../apps/rotate-notification-secret.ts";
import type { Dependencies } from "../dependencies.ts";
import { authenticateKey } from "../keys/authenticate-key.ts";
import { createKey } from "../keys/create-key.ts";
import { newKeySchema } from "../keys/key-input.ts";
import { setKeyWebhook } from "../keys/set-key-webhook.ts";
import { openMail, queueMail } from "../mail/queue-mail.ts";
import { createSecretBox } from "../secret-box.ts";
import { createLinkCode, linkSlackUser } from "../slack/link-identity.ts";
import { type Harness, startHarness, type TestApp } from "../testing/harness.ts";
import { countSeals, sumSeals } from "./count-seals.ts";
import { prepareSecrets } from "./prepare-secrets.ts";
import { nameSecondFactors, reseal } from "./reseal.ts";
import { createSignInSeals } from "./sign-in-seals.ts";

// A new REDRESS_SECRET loses nothing: with the old one beside it all opens, and once all is sealed anew the old one can
// be taken away. What a wrong old one leaves closed is counted, and stays.
let harness: Harness;
const [first, second, wrong] = [0, 1, 2].map(() => randomBytes(32).toString("base64")) as [
  string,
  string,
  string,
];
const correlationId = "cor_test";

beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

/** A desk that was started with these, as `openDesk` does it. */
async function deskWith(secret: string, previousSecrets: string[] = []) {
  const said: string[] = [];
  const outside = {
    ...harness.dependencies,
    secrets: createSecretBox(secret, previousSecrets),
    signInSeals: createSignInSeals({ secret, previousSecrets }),
    logger: {
      ...harness.dependencies.logger,
      error: (_: object, sentence: string) => void said.push(sentence),
    },
  };
  const dependencies = { ...outside, secrets: await prepareSecrets(outside) };
  return { dependencies, said };
}

/** One of everything that the secret seals, signs or fingerprints. */
async function fill(dependencies: Dependencies) {
  const app: TestApp = await harness.app({ connect: false });
  const { database } = dependencies;
  const actor = { kind: "operator", id: "opr_test" } as const;
  const rotated = await rotateNotificationSecret(dependencies, { slug: app.slug, actor, correlationId });
  await rotateNotificationSecret(dependencies, { slug: app.slug, actor, correlationId });
  const owner = await harness.operator("admin");
  const made = await createKey(dependencies, {
    ...newKeySchema.parse({ name: "Bot" }),
    ...{ ownerId: owner.id, correlationId },
  });
  const keyId = made.key.id;
  await setKeyWebhook(dependencies, {
    keyId,
    operatorId: owner.id,
    url: "https://bot.example",
    correlationId,
  });
  const message = { to: "grace@example.com", subject: "Your way in", text: "A link" };
  const mailId = await database.transaction((transaction) =>
    queueMail(dependencies, transaction, { factKey: "mail:1", message }),
  );
  const { code } = await createLinkCode(dependencies, { operatorId: owner.id });
  return { app, rotated, owner, key: made.secret, mailId: mailId ?? "", code };
}

async function addFactor(userId: string, sealedBy: string): Promise<void> {
  // As better-auth seals where it knows one secret only.
  const seal = (data: string) => symmetricEncrypt({ key: sealedBy, data });
  await harness.dependencies.database.insert(operatorSecondFactors).values({
    ...{ id: `2fa_${userId}`, userId, verified: true },
    ...{ secret: await seal("TOTP"), backupCodes: await seal('["abcde-fghij"]') },
  });
}

/** In how many rows of any table, in whatever column, a text stands. */
async function rowsWith(text: string): Promise<string[]> {
  const { database } = harness.dependencies;
  const tables = await database.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await database.execute(
      sql`select 1 from ${sql.identifier(name)} as row where position(${text} in row::text) > 0`,
    );
    found.push(...rows.map(() => name));
  }
  return found.sort();
}

test("with the old secret beside the new one all opens, and afterwards with the new one alone", async () => {
  const old = await deskWith(first);
  const made = await fill(old.dependencies);
  await addFactor(made.owner.id, first);
  const oldTexts = `v1.${old.dependencies.secrets.keyIds[0]}.`;
  expect(await rowsWith(oldTexts)).toEqual(["api_keys", "apps", "outbox_messages"]);

  const both = await deskWith(second, [first]);
  expect(both.said).toEqual([]);
  await authenticateKey(both.dependencies, { secret: made.key, correlationId });
  expect(sumSeals(await countSeals(both.dependencies))).toMatchObject({ older: 4, unreadable: 0 });
  const told: number[] = [];
  expect(await reseal(both.dependencies, { tell: () => void told.push(1) })).toEqual({
    resealed: 4,
    unreadable: 0,
  });
  expect(told).toHaveLength(4);
  expect(await reseal(both.dependencies)).toEqual({ resealed: 0, unreadable: 0 });
  expect(await rowsWith(oldTexts)).toEqual([]);

  const alone = await deskWith(second);
  expect(alone.said).toEqual([]);
  const { database, secrets } = alone.dependencies;
  expect(sumSeals(await countSeals(alone.dependencies))).toMatchObject({ older: 0, unreadable: 0 });
  const [row] = await database.select().from(apps).where(eq(apps.id, made.app.id));
  expect(secrets.open(row?.previousNotificationSecretCiphertext ?? "")).toBe(made.rotated.notificationSecret);
  const [mail] = await database.select().from(outboxMessages).where(eq(outboxMessages.id, made.mailId));
  expect(openMail(alone.dependencies, String(mail?.data.sealed))).toMatchObject({ subject: "Your way in" });
  await authenticateKey(alone.dependencies, { secret: made.key, correlationId });
  const linked = { teamId: "T1", userId: "U1", code: made.code, correlationId };
  expect(await linkSlackUser(alone.dependencies, linked)).toMatchObject({ operatorId: made.owner.id });
});

test("what finds old fingerprints is itself sealed anew by the next change", async () => {
  const made = await fill((await deskWith(first)).dependencies);
  await reseal((await deskWith(second, [first])).dependencies);
  const third = await deskWith(wrong, [second]);
  await reseal(third.dependencies);
  const alone = await deskWith(wrong);
  await authenticateKey(alone.dependencies, { secret: made.key, correlationId });
  expect(await rowsWith(`v1.${third.dependencies.secrets.keyIds[1]}.`)).toEqual([]);
});

test("a second factor is sealed anew from the form that names no secret, and from the one that does", async () => {
  const { id } = await harness.operator("admin");
  await addFactor(id, first);
  const read = async () => {
    const [row] = await harness.dependencies.database.select().from(operatorSecondFactors);
    if (!row) throw new Error("the factor is gone");
    return row;
  };
  // One secret alone: nothing is touched, so that an upgrade changes nothing.
  const before = await read();
  await nameSecondFactors((await deskWith(first)).dependencies);
  expect(await read()).toEqual(before);
  for (const [secret, previous] of [
    [second, first],
    [wrong, second],
  ] as const) {
    const desk = await deskWith(secret, [previous]);
    await reseal(desk.dependencies);
    const seals = createSignInSeals({ secret, previousSecrets: [] });
    const { secret: sealed } = await read();
    expect(sealed.startsWith(`$ba$${seals.versions[0]}$`)).toBe(true);
    expect(await symmetricDecrypt({ key: secret, data: sealed.split("$").at(-1) ?? "" })).toBe("TOTP");
  }
});

test("a wrong old secret is told at the start, and nothing is touched", async () => {
  const old = await deskWith(first);
  const made = await fill(old.dependencies);
  await addFactor(made.owner.id, first);
  const texts = `v1.${old.dependencies.secrets.keyIds[0]}.`;
  const before = await rowsWith(texts);
  const desk = await deskWith(second, [wrong]);
  expect(desk.said).toHaveLength(1);
  expect(desk.said[0]).toContain("REDRESS_SECRET_PREVIOUS");
  expect(await reseal(desk.dependencies)).toEqual({ resealed: 0, unreadable: 6 });
  expect(await rowsWith(texts)).toEqual(before);
  // The right one beside it mends all.
  const mended = await deskWith(second, [wrong, first]);
  expect(mended.said).toEqual([]);
  expect(await reseal(mended.dependencies)).toMatchObject({ unreadable: 0 });
});

test("stopped in the middle, the next run goes on; what changed meanwhile is left alone", async () => {
  await fill((await deskWith(first)).dependencies);
  const both = await deskWith(second, [first]);
  const stopping = new AbortController();
  const stopped = await reseal(both.dependencies, {
    tell: () => stopping.abort(),
    stopping: stopping.signal,
  });
  expect(stopped.resealed).toBe(1);
  const rest = await reseal(both.dependencies, {});
  expect(rest).toEqual({ resealed: 3, unreadable: 0 });
});
