import { readFile } from "node:fs/promises";
import { permissions } from "@redress/core/operators/permissions";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { Validator } from "@seriousme/openapi-schema-validator";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildWeb } from "../../../scripts/build-web.ts";
import { openApiDocument } from "./openapi/document.ts";
import { operations } from "./openapi/operations.ts";
import { startDesk } from "./testing/desk.ts";
import { documentedRoutes } from "./testing/documented-routes.ts";
import { everyRoute } from "./testing/every-route.ts";
import { forAgents } from "./testing/for-agents.ts";
import { generateTypes } from "./testing/generate-types.ts";
import type { paths } from "./testing/openapi-types.ts";

// The description of the interface is true, whole, and enough to make a client from.
const documentShape = z.looseObject({
  openapi: z.literal("3.1.1"),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        summary: z.string().min(5),
        security: z.array(z.record(z.string(), z.array(z.never()))),
        "x-permission": z.enum(permissions).optional(),
        responses: z.record(z.string(), z.unknown()),
      }),
    ),
  ),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

const routes = await documentedRoutes();
const made = openApiDocument(routes, operations);
const document = documentShape.parse(made);
const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone({ ...document }))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    const broken = { ...structuredClone(document), paths: { "no-slash": { get: { responses: 1 } } } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("has every method of every route below /api/v1, and no other", async () => {
    const found = (await everyRoute()).filter(({ pattern }) => pattern.startsWith("/api/v1/"));
    expect(found.length).toBeGreaterThan(40);
    expect(listed.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
      found
        .map(
          ({ method, pattern }) => `${method} ${pattern.replace("[id]", "{id}").replace("[slug]", "{slug}")}`,
        )
        .sort(),
    );
  });

  it("fails where a route has no description, or a description no route", () => {
    const { "GET /api/v1/refunds": _, ...rest } = operations;
    expect(() => openApiDocument(routes, rest)).toThrow("GET /api/v1/refunds is not described");
    const [, ...fewer] = routes;
    expect(() => openApiDocument(fewer, operations)).toThrow("There is no route for");
  });

  it("names each call once, with its permission, its ways in and its errors", () => {
    expect(new Set(listed.map(({ operation }) => operation.operationId)).size).toBe(listed.length);
    for (const { path, method, operation } of listed) {
      const { guard } = routes.find((one) => one.path === path && one.method.toLowerCase() === method) ?? {};
      const ways = operation.security.flatMap((one) => Object.keys(one));
      const permission = operation["x-permission"];
      if (guard?.kind === "operator") expect([ways, permission]).toEqual([["session"], guard.permission]);
      if (guard?.kind === "caller") {
        expect([ways, permission]).toEqual([["session", "agentKey"], guard.permission]);
      }
      const statuses = Object.keys(operation.responses);
      expect(statuses, path).toContain("500");
      if (ways.includes("session"))
        expect(statuses, path).toEqual(expect.arrayContaining(["400", "401", "403"]));
      if (ways.includes("agentKey")) expect(statuses, path).toContain("429");
    }
    expect(Object.keys(document.components.securitySchemes)).toEqual(["session", "agentKey", "appSignature"]);
  });

  it("and the types of the client are those that npm run openapi wrote", async () => {
    const read = async (path: string) => readFile(new URL(path, import.meta.url), "utf8");
    expect(JSON.parse(await read("openapi/openapi.json")), "run npm run openapi").toEqual(made);
    expect(await read("testing/openapi-types.ts")).toBe(await generateTypes(made));
  });
});

describe("a client made from the document", () => {
  let sandbox: Sandbox;
  let desk: Awaited<ReturnType<typeof startDesk>>;
  let admin: Awaited<ReturnType<typeof desk.operator>>;
  const { connectedApp, makeKey } = forAgents(() => ({ sandbox, desk, admin }));
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

  const clientOf = (secret: string) =>
    createClient<paths>({ baseUrl: desk.url, headers: { authorization: `Bearer ${secret}` } });

  it("finds a purchase, reads the policy, asks for a refund and polls until it is made", async () => {
    const app = await connectedApp("generated");
    const approvalRules = [{ amount: 2_000, currency: "usd" }];
    expect((await admin.client.send("PATCH", "/api/v1/apps/generated", { approvalRules })).status).toBe(200);
    const client = clientOf((await makeKey()).secret);

    const found = await client.GET("/api/v1/purchases", { params: { query: { query: app.chargeId } } });
    const id = found.data?.purchases[0]?.id ?? "";
    expect(id).toBe(app.purchaseId);
    const path = { id };
    const foreseen = await client.GET("/api/v1/purchases/{id}/refund-policy", {
      params: { path, query: { amount: 2_000 } },
    });
    expect(foreseen.data?.policy).toMatchObject({ verdict: "allow", amountLeft: 10_000, blocked: null });
    const above = await client.GET("/api/v1/purchases/{id}/refund-policy", { params: { path } });
    expect(above.data?.policy).toMatchObject({ verdict: "ask", approvers: 1, role: "approver" });

    const ask = (amount: number) =>
      client.POST("/api/v1/refunds", {
        params: { header: { "Idempotency-Key": "ticket 1" } },
        body: { purchaseId: id, amount, currency: "usd" },
      });
    const asked = await ask(2_000);
    expect(asked.response.status).toBe(201);
    const refundId = asked.data?.refund.id ?? "";
    expect(asked.data?.repeated).toBeUndefined();
    const again = await ask(2_000);
    expect([again.data?.refund.id, again.data?.repeated]).toEqual([refundId, true]);
    const changed = await ask(1_999);
    expect(changed.error?.error.code).toBe("request_key_conflict");

    const poll = async () => {
      const { data } = await client.GET("/api/v1/refunds/{id}", { params: { path: { id: refundId } } });
      return data?.refund.status;
    };
    await expect.poll(poll, { timeout: 20_000 }).toBe("succeeded");
    const repeated = await client.GET("/api/v1/purchases/{id}/refund-policy", {
      params: { path, query: { amount: 2_000 } },
    });
    expect(repeated.data?.policy).toMatchObject({ verdict: "repeated", refundId });
    const beside = await client.GET("/api/v1/purchases/{id}/refund-policy", {
      params: { path, query: { amount: 2_000, inAdditionTo: refundId } },
    });
    expect(beside.data?.policy).toMatchObject({ verdict: "ask" });
  });

  it("shows an agent no colleague, no attempt, no log and no account; a person all of it", async () => {
    const app = await connectedApp("lean");
    const program = clientOf((await makeKey()).secret);
    const { data } = await program.POST("/api/v1/refunds", { body: { purchaseId: app.purchaseId } });
    const path = `/api/v1/refunds/${data?.refund.id}`;
    const whole = await admin.client.get(path);
    const lean = await program.GET("/api/v1/refunds/{id}", {
      params: { path: { id: data?.refund.id ?? "" } },
    });
    const hidden = ["requestedBy", "attempts", "history", "notifications", "verdicts", "stripeAccountId"];
    for (const member of hidden) {
      expect(whole.text, member).toContain(`"${member}"`);
      expect(lean.data?.refund, member).not.toHaveProperty(member);
    }
    expect(lean.data?.refund).toMatchObject({
      status: "awaiting_approval",
      statusUrl: `${desk.url}${path}`,
      message: "Asked for $100.00. A person has to approve it first.",
    });
    const list = await program.GET("/api/v1/refunds", { params: { query: { status: "awaiting_approval" } } });
    expect(list.data?.refunds.flatMap((one) => Object.keys(one))).not.toContain("requestedBy");
    const purchase = await program.GET("/api/v1/purchases/{id}", {
      params: { path: { id: app.purchaseId } },
    });
    expect(purchase.data?.purchase).not.toHaveProperty("stripeAccountId");
    expect(JSON.stringify(purchase.data)).not.toContain("requestedBy");
  });

  it("tells a key what it is and may do now, and nobody else", async () => {
    await connectedApp("mine");
    const program = clientOf((await makeKey({ apps: ["mine"], permissions: ["purchases.read"] })).secret);
    const { data } = await program.GET("/api/v1/key");
    expect(data).toMatchObject({
      key: {
        name: "Support bot",
        permissions: ["purchases.read"],
        apps: [{ slug: "mine", isConnected: true }],
      },
      desk: { mode: "sandbox" },
    });
    expect((await admin.client.get("/api/v1/key")).code).toBe("key_invalid");
  });

  it("is served, with a page of its own assets only", async () => {
    const served = await desk.client().get("/api/v1/openapi.json");
    expect(JSON.parse(served.text)).toMatchObject({ openapi: "3.1.1", servers: [{ url: desk.url }] });
    const page = await desk.client().get("/api/v1/reference");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const { operation } of listed) expect(page.text).toContain(`id="${operation.operationId}"`);
    expect(page.text).not.toMatch(/<script|src=|<link|https?:\/\/(?!127)/);
  });
});
