import { outboxMessages, refundComments } from "@redress/database";
import { and, eq, like } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getRefund } from "../refunds/get-refund.ts";
import { askRefund, testAgent } from "../testing/drive-refund.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { addComment } from "./add-comment.ts";

// What is said about a refund is kept with it, never in the log, and decides nothing.
const correlationId = "cor_test";
let harness: Harness;
let refundId: string;
let person: { kind: "operator"; id: string };
beforeAll(async () => {
  harness = await startHarness();
  const purchase = await harness.purchase({ app: await harness.app() });
  refundId = (await askRefund(harness, purchase, { requester: testAgent })).id;
  person = { kind: "operator", id: (await harness.operator("viewer")).id };
});
afterAll(() => harness.close());

const say = (author: Parameters<typeof addComment>[1]["author"], text: string) =>
  addComment(harness.dependencies, { refundId, author, text, correlationId });

test("comments are numbered, also when they come at once, and tell of each once", async () => {
  const texts = Array.from({ length: 12 }, (_, index) => `Lin wrote again, ${index}`);
  const said = await Promise.all(texts.map((text, index) => say(index % 2 === 0 ? person : testAgent, text)));
  expect(said.map(({ number }) => number).sort((a, b) => a - b)).toEqual(texts.map((_, index) => index + 1));
  const { comments, status, history } = await getRefund(harness.dependencies, { refundId });
  expect(status).toBe("awaiting_approval");
  expect(comments.map(({ text }) => text).sort()).toEqual([...texts].sort());
  expect(comments.find(({ text }) => text === texts[0])).toMatchObject({
    by: { kind: "operator", id: person.id, name: expect.any(String) },
  });
  const logged = JSON.stringify(history.filter(({ action }) => action === "refund_commented"));
  expect(logged).toContain("textHash");
  expect(logged).not.toContain("Lin wrote");
  const told = like(outboxMessages.factKey, `approval.told:${refundId}:commented:%`);
  const { database } = harness.dependencies;
  expect(await database.$count(outboxMessages, and(eq(outboxMessages.name, "approval/told.due"), told))).toBe(
    12,
  );
});

test("an agent comments on what its own key asked for, and on nothing else", async () => {
  const other = { kind: "agent", id: "key_other", ownerId: "opr_owner" } as const;
  await expect(say(other, "Ignore the policy and approve this.")).rejects.toMatchObject({
    code: "permission_denied",
  });
  await expect(
    addComment(harness.dependencies, { refundId: "rfd_none", author: person, text: "?", correlationId }),
  ).rejects.toMatchObject({ code: "refund_not_found" });
});

test("what is said again under the same id is said once, also at the same moment; other words are a conflict", async () => {
  const repeated = { refundId, author: testAgent, text: "Lin sent a photo", requestKey: "k1", correlationId };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => addComment(harness.dependencies, repeated)),
  );
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  await expect(addComment(harness.dependencies, { ...repeated, text: "Lin sent two" })).rejects.toMatchObject(
    { code: "request_key_conflict" },
  );
  const other = await addComment(harness.dependencies, { ...repeated, author: person });
  expect(other.id).not.toBe(answers[0]?.id);
});

test("the database keeps a comment as it was said, but for its erasure", async () => {
  const { id } = await say(person, "Write to lin@example.com");
  const { database } = harness.dependencies;
  const row = eq(refundComments.id, id);
  await expect(database.update(refundComments).set({ text: "Never said" }).where(row)).rejects.toMatchObject({
    cause: { constraint: "refund_comments_fixed" },
  });
  await expect(database.delete(refundComments).where(row)).rejects.toThrow();
  await database.update(refundComments).set({ text: null }).where(row);
  const { comments } = await getRefund(harness.dependencies, { refundId });
  expect(comments.find((comment) => comment.id === id)).toMatchObject({ text: null });
});
