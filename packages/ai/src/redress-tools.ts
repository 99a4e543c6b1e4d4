import { dynamicTool, jsonSchema, type ToolSet } from "ai";
import { z } from "zod";
import { askDesk, type Desk } from "./ask-desk.ts";

export { DeskUnreachableError } from "./ask-desk.ts";
export type RedressToolsOptions = Desk;

const toolsShape = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      inputSchema: z.looseObject({ type: z.literal("object") }),
    }),
  ),
});
const resultShape = z.object({ structuredContent: z.looseObject({}) });

/**
 * The tools that a key may use, for `tools` of the AI SDK's `generateText`, `streamText` or agents. The desk itself
 * tells their names, descriptions and schemas, so there is one definition of each, and a key is never offered more
 * than it may do.
 *
 * What the desk refuses is an answer too, in its one shape `{ error: { code, message, details } }`, so that a model
 * can go on from it.
 *
 * @throws DeskUnreachableError; Error with the desk's own sentence when the key is no good. A tool's call throws the
 *   same, which the AI SDK hands to the model as a tool error
 */
export async function redressTools(options: RedressToolsOptions): Promise<ToolSet> {
  const { tools } = toolsShape.parse(await askDesk(options, { method: "tools/list" }));
  const entries = tools.map(({ name, description, inputSchema }) => [
    name,
    dynamicTool({
      description,
      inputSchema: jsonSchema(inputSchema),
      execute: async (input, { abortSignal }) => {
        const params = { name, arguments: input };
        const result = await askDesk(options, { method: "tools/call", params }, abortSignal);
        return resultShape.parse(result).structuredContent;
      },
    }),
  ]);
  return Object.fromEntries(entries);
}
