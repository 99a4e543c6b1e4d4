import { z } from "zod";

const schemaShape = z.looseObject({});
const content = z.record(z.string(), z.object({ schema: schemaShape }));
const responseShape = z.object({ description: z.string(), content });
const operationShape = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: schemaShape }))
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.union([responseShape, z.object({ $ref: z.string() })])),
});
type Operation = z.output<typeof operationShape>;
const documentShape = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.object({ schemas: z.record(z.string(), schemaShape) }),
});

export const referenceStyle = `
:root { color-scheme: light dark; background: light-dark(#fff, #0e0f12); color: light-dark(#17171c, #ececf0); }
a { color: light-dark(#2450d3, #86a8ff); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid; }
h3 { margin: 2rem 0 .25rem; font: 600 1rem ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
pre { overflow-x: auto; padding: .5rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
td { vertical-align: top; padding: 0 1rem .25rem 0; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
`;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

/** Text of ours: blank lines part paragraphs, and `…` is code. */
function prose(text: string): string {
  return text
    .split("\n\n")
    .map((part) => `<p>${escapeHtml(part).replaceAll(/`([^`]+)`/g, "<code>$1</code>")}</p>`)
    .join("");
}

/**
 * The document as one page of HTML, without a script.
 *
 * @param document an OpenAPI document of ours
 */
export function referencePage(document: unknown): string {
  const { info, tags, paths, components } = documentShape.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const those = operations.filter(({ operation }) => operation.tags.includes(name));
    const list = those.map(({ path, method, operation }) => operationHtml(method, path, operation)).join("");
    return `<section><h2>${escapeHtml(name)}</h2>${prose(description)}${list}</section>`;
  });
  const shapes = Object.entries(components.schemas).map(
    ([name, shape]) =>
      `<details id="schema-${escapeHtml(name)}"><summary>${escapeHtml(name)}</summary>${json(shape)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(info.title)} REST</title><style>${referenceStyle}</style></head><body><main><h1>${escapeHtml(info.title)} REST ${escapeHtml(info.version)}</h1>${prose(info.description)}<p>For programs: <a href="openapi.json">openapi.json</a>.</p>${sections.join("")}<section><h2>Shapes</h2>${shapes.join("")}</section></main></body></html>`;
}

function operationHtml(method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${escapeHtml(one.name)}</code></td><td>${one.in}${one.required ? ", needed" : ""}</td><td><code>${escapeHtml(JSON.stringify(one.schema))}</code></td></tr>`,
  );
  const good: string[] = [];
  const bad: string[] = [];
  for (const [status, answer] of Object.entries(responses)) {
    if ("content" in answer) {
      const shapes = Object.values(answer.content).map(({ schema }) => json(schema));
      good.push(`<details><summary>${status}</summary>${shapes.join("")}</details>`);
    } else {
      // Its name is its status and its codes.
      const codes = answer.$ref.split("/").at(-1)?.split(".").slice(1) ?? [];
      bad.push(`<tr><td>${status}</td><td><code>${codes.join("</code>, <code>")}</code></td></tr>`);
    }
  }
  const body = Object.values(requestBody?.content ?? {}).map(({ schema }) => json(schema));
  return [
    `<article id="${escapeHtml(operationId)}"><h3>${method.toUpperCase()} ${escapeHtml(path)}</h3>`,
    `<p><strong>${escapeHtml(summary)}</strong></p>${prose(description)}`,
    rows.length > 0 ? `<table>${rows.join("")}</table>` : "",
    body.length > 0 ? `<details><summary>Body</summary>${body.join("")}</details>` : "",
    good.join(""),
    `<details><summary>Errors</summary><table>${bad.join("")}</table></details></article>`,
  ].join("");
}

const json = (value: unknown) => `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
