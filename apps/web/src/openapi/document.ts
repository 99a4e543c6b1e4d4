import { type ErrorCode, errorStatuses } from "@redress/core/errors";
import type { Guard } from "../access/guarded.ts";
import { version } from "../version.ts";
import { errorsOf } from "./errors-of.ts";
import { createComponents, type Json } from "./json-schema.ts";
import { type Operation, type Operations, tags } from "./operation.ts";

/** A route as it is found in the tree: its method, its path with `{id}`, and how it is protected. */
export interface DocumentedRoute {
  readonly method: string;
  readonly path: string;
  readonly guard: Guard;
}

const description = `Refunds of many apps, each with its own Stripe account. Amounts are integers in the currency's smallest unit. Errors are \`{"error":{"code","message","details"}}\`: branch on \`code\`, show \`message\`. Each answer carries \`X-Correlation-Id\`, which stands in the log.

Signed-in people's programs send the session's cookie and, with every change, the desk's own \`Origin\`. Agents send a key, which is good for the calls that name it. A key can never approve.`;

/**
 * The OpenAPI 3.1 document, made from the routes' own schemas and what `operations` says of them.
 *
 * @throws Error for a route that nobody has described, or a description of no route
 */
export function openApiDocument(routes: readonly DocumentedRoute[], operations: Operations): Json {
  const components = createComponents();
  const responses = new Map<string, Json>();
  const left = new Set(Object.keys(operations));
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, path, guard } of routes) {
    const name = `${method} ${path}`;
    const operation = operations[name];
    if (operation === undefined) throw new Error(`${name} is not described in apps/web/src/openapi.`);
    left.delete(name);
    const methods = paths[path] ?? {};
    paths[path] = methods;
    methods[method.toLowerCase()] = operationObject(name, { guard, operation, components, responses });
  }
  if (left.size > 0) throw new Error(`There is no route for ${[...left].join(", ")}.`);
  return {
    openapi: "3.1.1",
    info: {
      title: "Redress",
      version,
      description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([tag, text]) => ({ name: tag, description: text })),
    paths,
    components: {
      schemas: { ...components.schemas(), Error: errorSchema },
      responses: Object.fromEntries([...responses].sort(([one], [other]) => (one < other ? -1 : 1))),
      securitySchemes,
    },
  };
}

interface Described {
  readonly guard: Guard;
  readonly operation: Operation;
  readonly components: ReturnType<typeof createComponents>;
  readonly responses: Map<string, Json>;
}

function operationObject(name: string, { guard, operation, components, responses }: Described): Json {
  const accepted = "accepted" in guard ? guard.accepted : undefined;
  const body = accepted?.body ?? operation.body;
  const parameters = [
    ...components.parameters("path", accepted?.params ?? pathOnly(name, components)),
    ...components.parameters("query", accepted?.query),
    ...(operation.takesKey ? [idempotencyKey] : []),
  ];
  return {
    operationId: operationId(name),
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, whoMay(guard)].filter(Boolean).join("\n\n"),
    ...securityOf(guard),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: bodyObject(components.input(body)) } : {}),
    responses: {
      [String(accepted?.status ?? 200)]: {
        description: "Done.",
        content: Object.fromEntries(
          (operation.mediaTypes ?? ["application/json"]).map((type) => [
            type,
            { schema: components.output(operation.answer) },
          ]),
        ),
      },
      ...errorResponses(errorsOf(guard, operation), responses),
    },
  };
}

function bodyObject(schema: Readonly<Record<string, Json>>): Json {
  return { required: "required" in schema, content: { "application/json": { schema } } };
}

/** Routes that apps sign take a slug, which their wrapper reads. */
function pathOnly(name: string, { slug }: Described["components"]) {
  return name.includes("{slug}") ? slug : undefined;
}

/** `POST /api/v1/refunds/{id}/approve` → `postRefundsByIdApprove`. */
function operationId(name: string): string {
  const [method = "", path = ""] = name.split(" ");
  const words = path.replace("/api/v1/", "").split(/[/.-]/);
  const parts = words.map((word) => {
    const plain = word.replace(/^\{(.*)\}$/, "$1");
    const capital = plain.charAt(0).toUpperCase() + plain.slice(1);
    return plain === word ? capital : `By${capital}`;
  });
  return method.toLowerCase() + parts.join("");
}

function whoMay(guard: Guard): string {
  switch (guard.kind) {
    case "operator":
      return `Permission: \`${guard.permission}\`, of a signed-in person. No key opens this.`;
    case "caller":
      return `Permission: \`${guard.permission}\`, of a signed-in person or an agent's key.`;
    case "agent":
      return "For any key.";
    case "own-account":
      return "For whoever is signed in, about their own account.";
    case "app-signed":
      return "Signed with the app's notification secret, as Standard Webhooks says.";
    case "portal":
      return "For an app's developer, by a link.";
    case "embed":
      return "For a helpdesk's frame, by a token that it signed.";
    case "public":
      return "For everybody.";
  }
}

function securityOf(guard: Guard): { security: Json; "x-permission"?: string } {
  switch (guard.kind) {
    case "operator":
      return { security: [{ session: [] }], "x-permission": guard.permission };
    case "caller":
      return { security: [{ session: [] }, { agentKey: [] }], "x-permission": guard.permission };
    case "agent":
      return { security: [{ agentKey: [] }] };
    case "own-account":
      return { security: [{ session: [] }] };
    case "app-signed":
      return { security: [{ appSignature: [] }] };
    // None of the REST interface is opened by a link, or framed.
    case "portal":
    case "embed":
    case "public":
      return { security: [] };
  }
}

/** Named by status and codes, since most routes share most of theirs. */
function errorResponses(
  codes: readonly ErrorCode[],
  responses: Map<string, Json>,
): Record<string, { $ref: string }> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = errorStatuses[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const named: Record<string, { $ref: string }> = {};
  for (const [status, those] of byStatus) {
    const name = [status, ...those].join(".");
    responses.set(name, errorResponse(those));
    named[String(status)] = { $ref: `#/components/responses/${name}` };
  }
  return named;
}

function errorResponse(codes: readonly ErrorCode[]): Json {
  const ofCodes = { properties: { error: { properties: { code: { enum: codes } } } } };
  return {
    description: codes.map((code) => `\`${code}\``).join(", "),
    content: { "application/json": { schema: { allOf: [{ $ref: "#/components/schemas/Error" }, ofCodes] } } },
  };
}

const idempotencyKey: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", minLength: 1, maxLength: 255 },
  description:
    "Your own id of this request. The same id and arguments are answered with the first refund for as long as the database lives; other arguments are `request_key_conflict`.",
};

const errorSchema: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string", description: "Stable: branch on it." },
        message: { type: "string", description: "For people: what to do next." },
        details: { type: "object" },
      },
    },
  },
};

const securitySchemes: Json = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "redress.session_token",
    description:
      "Of `POST /api/auth/sign-in/email`; over https its name begins with `__Secure-`. Changes need the desk's own `Origin` too.",
  },
  agentKey: { type: "http", scheme: "bearer", description: "An agent's key, `redress_agent_…`." },
  appSignature: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description: "With `webhook-id` and `webhook-timestamp`, over the raw body.",
  },
};
