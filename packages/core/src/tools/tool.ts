import type { AgentPermission } from "@redress/database";
import { z } from "zod";
import type { AgentGrants } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { actAsAgent } from "../keys/act-as-agent.ts";
import type { Owner } from "../operators/authorize.ts";
import { parseInput } from "../parse-input.ts";

/** Who calls a tool: the agent of a key that was just authenticated. */
export interface ToolCall {
  readonly agent: AgentGrants;
  readonly correlationId: string;
}

/** Something an agent can do, whatever the door: MCP, a library, a command line. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model that chooses. */
  readonly description: string;
  readonly permission: AgentPermission;
  /** Whether it changes anything. */
  readonly changes: boolean;
  /** JSON Schema of its input, made from the one zod schema. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /**
   * Parses, judges whether the agent may, and runs.
   *
   * @returns an object that can be written as JSON
   * @throws RedressError `invalid_input`, `permission_denied`, and the tool's own
   */
  call(dependencies: Dependencies, input: unknown, call: ToolCall): Promise<object>;
}

/** Makes a tool that cannot run without having been parsed and permitted. */
export function defineTool<Input>(definition: {
  name: string;
  title: string;
  description: string;
  input: z.ZodType<Input>;
  permission: AgentPermission;
  owner: Owner<Input>;
  changes: boolean;
  run: (dependencies: Dependencies, input: Input, call: ToolCall) => Promise<object>;
}): Tool {
  const { name, title, description, permission, owner, changes } = definition;
  const { $schema: _, ...inputSchema } = z.toJSONSchema(definition.input, { io: "input" });
  return {
    name,
    title,
    description,
    permission,
    changes,
    inputSchema,
    async call(dependencies, given, call) {
      const input = parseInput(definition.input, given ?? {});
      const { agent, correlationId } = call;
      return actAsAgent(dependencies, agent, { permission, owner }, { input, correlationId }, () =>
        definition.run(dependencies, input, call),
      );
    },
  };
}
