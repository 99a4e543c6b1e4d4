import { z } from "zod";
import { slugParams } from "../rest/input.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const jsonSchema: z.ZodType<Json> = z.json();
const objectSchema = z.looseObject({
  properties: z.record(z.string(), jsonSchema).default({}),
  required: z.array(z.string()).default([]),
});

/** Zod schemas as the JSON Schemas of one document: those with an id become its components. */
export function createComponents() {
  const schemas = new Map<string, Json>();
  const write = (schema: z.ZodType, io: "input" | "output"): Record<string, Json> => {
    const made = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      override: ({ jsonSchema: one }) => {
        // The format says it, and readers can read that.
        if (one.format === "date-time" || one.format === "date") delete one.pattern;
        // An answer may get more members with any release.
        if (io === "output" && one.additionalProperties === false) delete one.additionalProperties;
      },
    });
    const { $schema: _, $defs = {}, ...root } = z.record(z.string(), jsonSchema).parse(withRefs(made));
    for (const [id, one] of Object.entries(z.record(z.string(), jsonSchema).parse($defs)))
      schemas.set(id, one);
    return root;
  };
  return {
    slug: slugParams,
    schemas: () => Object.fromEntries([...schemas].sort(([one], [other]) => one.localeCompare(other))),
    input: (schema: z.ZodType) => write(schema, "input"),
    output: (schema: z.ZodType) => write(schema, "output"),
    parameters(place: "path" | "query", schema: z.ZodType | undefined): Json[] {
      if (schema === undefined) return [];
      const { properties, required } = objectSchema.parse(write(schema, "input"));
      return Object.entries(properties).map(([name, one]) => {
        return { name, in: place, required: place === "path" || required.includes(name), schema: one };
      });
    },
  };
}

/** References to the document's components, instead of to definitions of their own. */
function withRefs(schema: unknown): Json {
  return jsonSchema.parse(
    JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')),
  );
}
