import type { AnyWorkflow, EngineMessage, Workflow } from "./port.ts";

/** The workflows that a message starts. A message that starts none stays undone, and ends as a dead letter. */
export function takersOf(workflows: readonly AnyWorkflow[], message: EngineMessage): Workflow[] {
  const all: readonly Workflow[] = workflows;
  return all.filter(({ on }) => on === message.name).filter(({ when }) => when?.(message.data) ?? true);
}
