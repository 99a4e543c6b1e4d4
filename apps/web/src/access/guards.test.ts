import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { permissions } from "@redress/core/operators/permissions";
import { agentPermissions } from "@redress/database";
import { describe, expect, it } from "vitest";
import { guardOf } from "./guarded.ts";

const app = fileURLToPath(new URL("../../app", import.meta.url));

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const files = await filesBelow(app);
const routes = files.filter((file) => /[\\/]route\.tsx?$/.test(file));
const sources = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8") })));
const actions = sources.filter(({ text }) => /^"use server";/.test(text)).map(({ file }) => file);

const name = (file: string) => relative(app, file);
const load = async (file: string): Promise<Record<string, unknown>> => import(pathToFileURL(file).href);

describe("nothing answers a request without saying who may ask (denied unless granted)", () => {
  it("finds the routes and actions that it is to check", () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(actions.length).toBeGreaterThan(4);
  });

  it.each(routes.map((file) => [name(file), file]))("%s guards each method", async (_name, file) => {
    const exported = Object.entries(await load(file));
    expect(exported.length).toBeGreaterThan(0);
    for (const [method, handler] of exported) expect(guardOf(handler), method).toBeDefined();
  });

  it.each(actions.map((file) => [name(file), file]))("%s guards each action", async (_name, file) => {
    for (const [action, run] of Object.entries(await load(file))) expect(guardOf(run), action).toBeDefined();
  });

  it("has no server action hidden inside a page or component", () => {
    const inline = sources.filter(({ text }) => /\n\s+"use server";/.test(text));
    expect(inline.map(({ file }) => name(file))).toEqual([]);
  });

  it("takes an agent's key only where it is listed here, and never to decide, set or manage anything", async () => {
    const open: string[] = [];
    for (const file of [...routes, ...actions]) {
      for (const [member, handler] of Object.entries(await load(file))) {
        const guard = guardOf(handler);
        if (guard?.kind === "agent") open.push(`${name(file)} ${member}`);
        if (guard?.kind !== "caller") continue;
        expect(agentPermissions).toContain(guard.permission);
        open.push(`${name(file)} ${member} ${guard.permission}`);
      }
    }
    expect(open.sort()).toEqual([
      "api/mcp/route.ts POST",
      "api/v1/bulk-refunds/[id]/route.ts GET refunds.read",
      "api/v1/bulk-refunds/[id]/withdraw/route.ts POST refunds.withdraw",
      "api/v1/bulk-refunds/route.ts GET refunds.read",
      "api/v1/bulk-refunds/route.ts POST refunds.request",
      "api/v1/key/route.ts GET",
      "api/v1/purchases/[id]/refund-policy/route.ts GET purchases.read",
      "api/v1/purchases/[id]/route.ts GET purchases.read",
      "api/v1/purchases/route.ts GET purchases.read",
      "api/v1/refunds/[id]/comments/route.ts GET refunds.read",
      "api/v1/refunds/[id]/comments/route.ts POST refunds.read",
      "api/v1/refunds/[id]/route.ts GET refunds.read",
      "api/v1/refunds/[id]/withdraw/route.ts POST refunds.withdraw",
      "api/v1/refunds/route.ts GET refunds.read",
      "api/v1/refunds/route.ts POST refunds.request",
    ]);
    const never = permissions.filter((permission) => !agentPermissions.some((one) => one === permission));
    expect(never).toEqual(expect.arrayContaining(["refunds.decide", "apps.manage", "keys.manage"]));
  });

  it("opens to the public only what is listed here", async () => {
    const open: string[] = [];
    for (const file of [...routes, ...actions]) {
      for (const [member, handler] of Object.entries(await load(file))) {
        if (guardOf(handler)?.kind === "public") open.push(`${name(file)} ${member}`);
      }
    }
    expect(open.sort()).toEqual([
      ...["accept", "enter", "enterCode", "forgot", "resetPassword", "setUp"].map(
        (name) => `(entry)/actions.ts ${name}`,
      ),
      "actions.ts chooseTheme",
      "actions.ts leave",
      // Answers that there is nothing.
      ...["DELETE", "GET", "PATCH", "POST", "PUT"].map((method) => `api/[...unknown]/route.ts ${method}`),
      "api/auth/[...all]/route.ts POST",
      "api/health/live/route.ts GET",
      "api/health/ready/route.ts GET",
      "api/health/route.ts GET",
      ...["GET", "POST", "PUT"].map((method) => `api/inngest/route.ts ${method}`),
      "api/setup/route.ts POST",
      "api/slack/interactions/route.ts POST",
      "api/stripe/webhooks/route.ts POST",
      "api/v1/openapi.json/route.ts GET",
      "api/v1/reference/route.ts GET",
      // With a token of its own.
      "metrics/route.ts GET",
      "portal/enter/route.ts POST",
    ]);
  });

  it("lets a helpdesk frame only what is listed here", async () => {
    const framed: string[] = [];
    for (const file of [...routes, ...actions]) {
      for (const [member, handler] of Object.entries(await load(file))) {
        if (guardOf(handler)?.kind === "embed") framed.push(`${name(file)} ${member}`);
      }
    }
    expect(framed.sort()).toEqual(["embed/purchase/route.ts GET", "embed/purchase/route.ts POST"]);
  });

  it("opens to an app's developer by a link only what is listed here", async () => {
    const open: string[] = [];
    for (const file of [...routes, ...actions]) {
      for (const [member, handler] of Object.entries(await load(file))) {
        if (guardOf(handler)?.kind === "portal") open.push(`${name(file)} ${member}`);
      }
    }
    expect(open.sort()).toEqual(
      ["pingOwnApp", "resendOwnDeliveries", "resendOwnDelivery", "rotateOwnSecret"].map(
        (name) => `(portal)/portal/actions.ts ${name}`,
      ),
    );
  });
});
