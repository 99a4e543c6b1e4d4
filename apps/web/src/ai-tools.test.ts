import { redressTools } from "@redress/ai";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { generateText, stepCountIs, type ToolSet } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { startDesk } from "./testing/desk.ts";
import { forAgents } from "./testing/for-agents.ts";

// The AI SDK with a model of a script against the running desk: a model cannot talk the tools into paying twice.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
let admin: Awaited<ReturnType<typeof desk.operator>>;
const { connectedApp, makeKey, ruledApp } = forAgents(() => ({ sandbox, desk, admin }));

beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
  admin = await desk.operator("admin");
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** A model that calls tools as the script says, one step after the other, and then is done. */
function scripted(steps: readonly (readonly { toolName: string; input: object }[])[]) {
  const calls = steps.map((step, at) => ({
    content: step.map(({ toolName, input }, index) => ({
      type: "tool-call" as const,
      toolCallId: `call-${at}-${index}`,
      toolName,
      input: JSON.stringify(input),
    })),
    finishReason: { unified: "tool-calls" as const, raw: undefined },
    usage,
    warnings: [],
  }));
  const end = {
    content: [{ type: "text" as const, text: "Done." }],
    finishReason: { unified: "stop" as const, raw: undefined },
    usage,
    warnings: [],
  };
  return new MockLanguageModelV3({ doGenerate: [...calls, end] });
}

async function outputsOf(tools: ToolSet, script: Parameters<typeof scripted>[0]): Promise<unknown[]> {
  const model = scripted(script);
  const { steps, text } = await generateText({
    model,
    tools,
    prompt: "Refund it.",
    stopWhen: stepCountIs(9),
  });
  expect(text).toBe("Done.");
  // What the model is offered are the schemas of the desk.
  expect(model.doGenerateCalls[0]?.tools?.length).toBe(Object.keys(tools).length);
  return steps.flatMap(({ toolResults }) => toolResults.map(({ output }) => output));
}

async function refundsAtStripe({ account, chargeId }: Awaited<ReturnType<typeof connectedApp>>) {
  const { accounts } = await sandbox.admin.ledger();
  return (accounts[account]?.refunds ?? []).filter(({ charge }) => charge === chargeId);
}

it("a refund that policy allows happens once, though the model asks three times with ids of its own", async () => {
  const app = await ruledApp("thrice");
  const tools = await redressTools({ url: desk.url, key: (await makeKey()).secret });
  const { purchaseId } = app;
  const ask = (requestId: string) => ({
    toolName: "processRefund",
    input: { purchaseId, amount: 2_000, requestId },
  });
  const outputs = await outputsOf(tools, [
    [{ toolName: "getRefundPolicy", input: { purchaseId, amount: 2_000 } }],
    [ask("first"), ask("second")],
    [ask("third")],
  ]);
  expect(outputs[0]).toMatchObject({ verdict: "allow", amountLeft: 10_000 });
  const made = outputs.slice(1).map((output) => z.looseObject({ refundId: z.string() }).parse(output));
  expect(made).toHaveLength(3);
  expect(new Set(made.map(({ refundId }) => refundId)).size).toBe(1);
  expect(made.filter(({ repeated }) => repeated === true)).toHaveLength(2);
  expect(await refundsAtStripe(app)).toMatchObject([{ amount: 2_000 }]);
});

it("what the desk refuses is an answer that the model can go on from, and nothing is returned", async () => {
  const app = await ruledApp("refused");
  const tools = await redressTools({ url: desk.url, key: (await makeKey()).secret });
  const { purchaseId } = app;
  const outputs = await outputsOf(tools, [
    [{ toolName: "processRefund", input: { purchaseId, amount: 10_001 } }],
    [{ toolName: "processRefund", input: { purchaseId, amount: "all" } }],
    [{ toolName: "processRefund", input: { purchaseId: "pur_none" } }],
  ]);
  expect(outputs).toMatchObject([
    { error: { code: "amount_exceeds_remaining" } },
    { error: { code: "invalid_input" } },
    { error: { code: "purchase_not_found" } },
  ]);
  expect(await refundsAtStripe(app)).toEqual([]);
});

it("offers what the key may do and nothing that decides; a bad key and no desk say so", async () => {
  const reader = await redressTools({
    url: desk.url,
    key: (await makeKey({ permissions: ["refunds.read"] })).secret,
  });
  expect(Object.keys(reader)).toEqual(["getRefund"]);
  const key = "redress_agent_nobody";
  await expect(redressTools({ url: desk.url, key })).rejects.toThrow("key");
  await expect(redressTools({ url: "http://127.0.0.1:9", key })).rejects.toMatchObject({
    name: "DeskUnreachableError",
  });
  await expect(redressTools({ url: "http://refunds.example.com", key })).rejects.toThrow("https://");
});
