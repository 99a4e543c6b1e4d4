import { auditLogs, operatorInvitations, outboxMessages } from "@redress/database";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../actor.ts";
import { openMail } from "../mail/queue-mail.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { activate, deactivate } from "./deactivate.ts";
import { readGrants } from "./grants.ts";
import { findInvitation } from "./invitation-row.ts";
import { invite, revokeInvitation, sendInvitationAgain } from "./invite.ts";

let harness: Harness;
let actor: Actor & { kind: "operator" };
const correlationId = "cor_people";
const day = 24 * 60 * 60_000;

beforeAll(async () => {
  harness = await startHarness();
  actor = { kind: "operator", id: (await harness.operator()).id };
});
afterAll(() => harness.close());

/** The token of the link that was mailed last. */
async function lastToken(): Promise<string> {
  const [row] = await harness.dependencies.database
    .select()
    .from(outboxMessages)
    .where(eq(outboxMessages.name, "mail/sending.due"))
    .orderBy(desc(outboxMessages.factKey))
    .limit(1);
  const sealed = Reflect.get(Object(row?.data), "sealed");
  const { text } = openMail(harness.dependencies, String(sealed));
  await harness.dependencies.database.delete(outboxMessages);
  return /token=([\w-]+)/.exec(text)?.[1] ?? "";
}

const ended = { name: "RedressError", code: "invitation_ended" };
const find = (token: string) => findInvitation(harness.dependencies, harness.dependencies.database, token);

test("a link opens its invitation for seven days; sent again, only the newest opens it; revoked, none", async () => {
  const { dependencies } = harness;
  const wish = { email: "ada@example.com", role: "agent", appId: null, actor, correlationId } as const;
  const { invitationId } = await invite(dependencies, wish);
  const first = await lastToken();
  expect(await find(first)).toMatchObject({ id: invitationId, email: wish.email, role: "agent" });
  await expect(find(`${first}x`)).rejects.toMatchObject(ended);
  await expect(invite(dependencies, wish)).rejects.toMatchObject({ code: "invalid_input" });

  await sendInvitationAgain(dependencies, { invitationId, actor, correlationId });
  const second = await lastToken();
  await expect(find(first)).rejects.toMatchObject(ended);
  await harness.advance(7 * day - 1_000);
  expect((await find(second)).id).toBe(invitationId);
  await harness.advance(2_000);
  await expect(find(second)).rejects.toMatchObject(ended);

  await sendInvitationAgain(dependencies, { invitationId, actor, correlationId });
  const third = await lastToken();
  await revokeInvitation(dependencies, { invitationId, actor, correlationId });
  await expect(find(third)).rejects.toMatchObject(ended);
  await expect(revokeInvitation(dependencies, { invitationId, actor, correlationId })).rejects.toMatchObject({
    code: "invitation_not_found",
  });
  const rows = await dependencies.database.select().from(operatorInvitations);
  for (const token of [first, second, third]) expect(JSON.stringify(rows)).not.toContain(token);
  const entries = await dependencies.database
    .select({ action: auditLogs.action })
    .from(auditLogs)
    .where(eq(auditLogs.correlationId, correlationId));
  expect(entries.map(({ action }) => action).sort()).toEqual([
    "invitation_revoked",
    "invitation_sent",
    "invitation_sent",
    "invitation_sent",
  ]);
});

test("two invitations of one address at once: one is made", async () => {
  const wish = { email: "twice@example.com", role: "viewer", appId: null, actor, correlationId } as const;
  const tries = [1, 2, 3, 4].map(() => invite(harness.dependencies, wish));
  const made = (await Promise.allSettled(tries)).filter(({ status }) => status === "fulfilled");
  expect(made).toHaveLength(1);
});

test("without mail an invitation is refused with what to do, and nothing is kept", async () => {
  const mail = { ...harness.dependencies.mail, way: "none" } as const;
  const wish = { email: "none@example.com", role: "viewer", appId: null, actor, correlationId } as const;
  await expect(invite({ ...harness.dependencies, mail }, wish)).rejects.toMatchObject({
    code: "mail_not_configured",
  });
});

test("a deactivated person may do nothing; activated, what they could; the last administrator stays", async () => {
  const { dependencies } = harness;
  const { id: operatorId } = await harness.operator("approver");
  await deactivate(dependencies, { operatorId, actor, correlationId });
  expect((await readGrants(dependencies, operatorId)).roles).toEqual({ all: null, byApp: {} });
  await activate(dependencies, { operatorId, actor, correlationId });
  expect((await readGrants(dependencies, operatorId)).roles.all).toBe("approver");
  await expect(
    deactivate(dependencies, { operatorId: actor.id, actor, correlationId }),
  ).rejects.toMatchObject({ code: "invalid_input" });

  const other = { kind: "operator", id: (await harness.operator()).id } as const;
  const both = await Promise.allSettled([
    deactivate(dependencies, { operatorId: other.id, actor, correlationId }),
    deactivate(dependencies, { operatorId: actor.id, actor: other, correlationId }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});
