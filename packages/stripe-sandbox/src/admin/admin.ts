import type { z } from "zod";
import { SandboxError } from "../errors.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "../http/message.ts";
import { resourceAdmin } from "../resources/index.ts";
import type { System } from "../system.ts";
import { ledger } from "./ledger.ts";
import type { AdminOperation } from "./operation.ts";
import { defineSystemOperation, type SystemOperation } from "./system-operation.ts";
import { systemOperations } from "./system-operations.ts";

/** A money operation runs as one transaction; what it caused is sent afterwards. */
function onSystem<B extends z.ZodType, A extends object, P extends string>(
  operation: AdminOperation<B, A, P>,
): SystemOperation<B, A, P> {
  const { method, path, body, run } = operation;
  return defineSystemOperation({
    method,
    path,
    body,
    run(system, fields, id) {
      const account = (accountId: string, options: { silent?: boolean } = {}) =>
        system.contexts.create({ account: accountId, silent: options.silent ?? false });
      return system.store.transaction(() => run({ account }, fields, id));
    },
  });
}

const operations = {
  ...systemOperations,
  ledger,
  setBalance: onSystem(resourceAdmin.setBalance),
  seed: onSystem(resourceAdmin.seed),
  createCharge: onSystem(resourceAdmin.createCharge),
  advanceRefund: onSystem(resourceAdmin.advanceRefund),
  setRefundReference: onSystem(resourceAdmin.setRefundReference),
  createDispute: onSystem(resourceAdmin.createDispute),
  closeDispute: onSystem(resourceAdmin.closeDispute),
  createEarlyFraudWarning: onSystem(resourceAdmin.createEarlyFraudWarning),
};

type Operations = typeof operations;
type Body<O extends { body: z.ZodType }> =
  Record<never, never> extends z.input<O["body"]> ? [body?: z.input<O["body"]>] : [body: z.input<O["body"]>];
type Arguments<O extends { body: z.ZodType; path: string }> = O["path"] extends `${string}/:id${string}`
  ? [id: string, ...Body<O>]
  : Body<O>;

/** The admin API in process: one method per operation, the same JSON in and out as over HTTP. */
export type SandboxAdmin = {
  [K in keyof Operations]: (
    ...parameters: Arguments<Operations[K]>
  ) => Promise<Awaited<ReturnType<Operations[K]["run"]>>>;
};

/** An operation with its types closed over: takes decoded JSON, answers what becomes JSON. */
interface AnyOperation {
  method: string;
  segments: string[];
  run: (system: System, id: string, body: unknown) => Promise<object>;
}

function erase(operation: SystemOperation<z.ZodType, object>): AnyOperation {
  return {
    method: operation.method,
    segments: operation.path.split("/").slice(1),
    async run(system, id, body) {
      const parsed = operation.body.safeParse(body ?? {});
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const where = issue?.path.join(".") ?? "";
        throw new SandboxError({
          status: 400,
          message: `${where === "" ? "The body" : where}: ${issue?.message ?? "is invalid"}`,
          ...(where === "" ? {} : { param: where }),
        });
      }
      system.timers.runDue();
      const answer = await operation.run(system, parsed.data, id);
      system.courier.flush();
      return answer;
    },
  };
}

const erased = Object.entries(operations).map(([name, operation]) => [name, erase(operation)] as const);

/** The in-process twin of the HTTP admin API. @throws SandboxError where HTTP answers 4xx */
export function createAdmin(system: System): SandboxAdmin {
  const methods = erased.map(([name, { segments, run }]) => {
    const hasId = segments.includes(":id");
    const method = async (...parameters: unknown[]): Promise<unknown> => {
      const [id, body] = hasId ? parameters : ["", parameters[0]];
      // Through JSON: the caller gets values of its own, the same as over HTTP.
      return JSON.parse(JSON.stringify(await run(system, String(id), body)));
    };
    return [name, method] as const;
  });
  // The names and signatures are those of `operations`, which SandboxAdmin is derived from.
  return Object.fromEntries(methods) as unknown as SandboxAdmin;
}

/** `/admin/*` over HTTP. */
export async function handleAdmin(system: System, request: HttpRequest): Promise<HttpResponse> {
  try {
    const site = request.header("sec-fetch-site");
    if (site !== undefined && site !== "same-origin" && site !== "none") {
      throw new SandboxError({ status: 403, message: "Pages of other sites may not steer this sandbox." });
    }
    const given = request.path.split("/").slice(2);
    for (const [, { method, segments, run }] of erased) {
      if (method !== request.method || segments.length !== given.length) continue;
      if (!segments.every((segment, at) => segment === ":id" || segment === given[at])) continue;
      const id = decodeURIComponent(given[segments.indexOf(":id")] ?? "");
      return jsonResponse(200, await run(system, id, readJson(request.body)));
    }
    throw new SandboxError({ status: 404, message: `No admin operation: ${request.method} ${request.path}` });
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return jsonResponse(error.status, error.envelope(null, "req_admin"));
  }
}

function readJson(body: string): unknown {
  if (body.trim() === "") return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new SandboxError({ status: 400, message: "The body is not JSON." });
  }
}
