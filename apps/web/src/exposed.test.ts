import { once } from "node:events";
import { connect } from "node:net";
import { operatorSessions, operators } from "@redress/database";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWeb } from "../../../scripts/build-web.ts";
import { password, startDesk } from "./testing/desk.ts";

// What anybody who reaches the desk may send it, with and without an account.
let sandbox: Sandbox;
let desk: Awaited<ReturnType<typeof startDesk>>;
beforeAll(async () => {
  await buildWeb(() => undefined);
  sandbox = await startSandbox();
  desk = await startDesk(sandbox);
}, 180_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.close();
});

describe("a new desk", () => {
  it("can be set up while the audit log is sealed", async () => {
    const answer = await desk.dependencies.database.transaction(async (transaction) => {
      // The sealer's lock.
      await transaction.execute(sql`select pg_advisory_xact_lock(7336378)`);
      return desk.client().post("/api/setup", { name: "Ada", email: "ada@example.com", password });
    });
    expect(answer.status).toBe(201);
  });
});

describe("sign-in's own endpoints", () => {
  it.each([
    ["update-user", { name: "The Managing Director" }],
    ["change-email", { newEmail: "boss@example.com" }],
    ["delete-user", {}],
    ["request-password-reset", { email: "ada@example.com" }],
    ["sign-in/social", { provider: "github" }],
    ["revoke-sessions", {}],
  ])("%s is shut: nobody changes who they are", async (path, body) => {
    const { client, operatorId } = await desk.operator("agent");
    expect((await client.post(`/api/auth/${path}`, body)).status).toBe(404);
    const { database } = desk.dependencies;
    expect(await database.select().from(operators).where(eq(operators.id, operatorId))).toMatchObject([
      { name: "The agent" },
    ]);
    expect((await client.get("/api/v1/apps")).status).toBe(200);
  });

  it("no answer holds the tokens of sessions", async () => {
    const { client, operatorId } = await desk.operator("admin");
    const sessions = await desk.dependencies.database
      .select()
      .from(operatorSessions)
      .where(eq(operatorSessions.userId, operatorId));
    const pages = ["/purchases", "/audit", "/settings/people", "/settings/integrations"];
    for (const path of ["/api/auth/list-sessions", "/api/auth/get-session", ...pages]) {
      const { text } = await client.get(path);
      for (const { token } of sessions) expect(text, path).not.toContain(token);
    }
  });

  it("people choose a password of their own, and sign out", async () => {
    const { client, email } = await desk.operator("agent");
    const change = { currentPassword: password, newPassword: "one that only I know" };
    expect((await client.post("/api/auth/change-password", change)).status).toBe(200);
    expect((await desk.client().signIn(email, change.newPassword)).status).toBe(200);
    expect((await client.post("/api/auth/sign-out")).status).toBe(200);
    expect((await client.get("/api/v1/apps")).code).toBe("sign_in_required");
  });

  it("read no more than a sign-in can be long", async () => {
    const answer = await desk.client().signIn(`${"a".repeat(1_000_000)}@example.com`, password);
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
  });

  it.each(["/api/auth/sign-in/email", "/api/setup", "/api/v1/apps/alpha/purchases"])(
    "%s: after what is too long the connection ends, so that no next request waits on it",
    async (path) => {
      const { hostname, port, host, origin } = new URL(desk.url);
      const socket = connect(Number(port), hostname);
      let answer = "";
      socket.setEncoding("utf8").on("data", (text) => {
        answer += text;
      });
      const length = 1_000_000;
      const head = [
        `POST ${path} HTTP/1.1`,
        `Host: ${host}`,
        `Origin: ${origin}`,
        `Content-Length: ${length}`,
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n${"x".repeat(length)}`);
      await once(socket, "end");
      expect(answer).toMatch(/^HTTP\/1\.1 400 .*"invalid_input"/s);
    },
  );

  it.each([
    ["another site's form", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a sandboxed frame", { origin: "null" }],
  ])("do not sign a browser in for %s", async (_from, headers) => {
    const { email } = await desk.operator("agent");
    const answer = await desk.client().post("/api/auth/sign-in/email", { email, password }, { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe("an address that makes no sense is the caller's mistake, not a defect", () => {
  it.each(["/api/v1/purchases/%00", "/api/v1/apps/%00", "/api/v1/audit?refundId=%00"])("%s", async (path) => {
    const { client } = await desk.operator("admin");
    const answer = await client.get(path);
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
  });

  it.each(["/api/v1/purchases/%ff", "/purchases/%", "/api/v1/apps/%ED%A0%80/access"])(
    "%s, signed out",
    async (path) => {
      const answer = await desk.client().get(path);
      expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
    },
  );

  it("an app's slug, signed out", async () => {
    const answer = await desk.client().post("/api/v1/apps/%00/purchases");
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
  });

  it.each(["purchases", "refunds", "events"])("a cursor of %s that somebody made", async (list) => {
    const cursor = Buffer.from('["2026-01-01T00:00:00.000Z","\\u0000"]').toString("base64url");
    const { client } = await desk.operator("admin");
    const answer = await client.get(`/api/v1/${list}?cursor=${cursor}`);
    expect([answer.status, answer.code]).toEqual([400, "invalid_input"]);
  });
});
