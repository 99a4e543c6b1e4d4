import type { Meter } from "../metrics/meter.ts";
import { inSpan } from "../tracing/span.ts";
import type { EngineMessage, Step, Workflow } from "./port.ts";

/**
 * Steps that are counted and traced: a span for each time that one is tried, under what queued the message. Not one for the whole
 * run: Inngest calls a workflow once for each step, and a run may rest for days.
 */
export function observeStep(
  step: Step,
  { workflow, message, meter }: { workflow: Workflow; message: EngineMessage; meter: Meter | undefined },
): Step {
  let tried = 0;
  const work = <Result>(name: string, run: () => Promise<Result>) => {
    const end = meter?.start("redress_workflow_step_seconds");
    tried += 1;
    const attributes = {
      "redress.workflow": workflow.id,
      "redress.step": name,
      "redress.correlation_id": message.id,
      "redress.sending": message.sendCount,
      "redress.tries_in_run": tried,
      ...aboutOf(message),
    };
    const span = { name: `${workflow.id} ${name}`, kind: "consumer", attributes } as const;
    return inSpan({ ...span, parent: message.traceParent ?? null }, async () => {
      try {
        const result = await run();
        end?.({ workflow: workflow.id, outcome: "ok" });
        return result;
      } catch (error) {
        end?.({ workflow: workflow.id, outcome: "failed" });
        throw error;
      }
    });
  };
  return { run: (name, run) => step.run(name, () => work(name, run)), sleep: step.sleep };
}

/** Our ids that tell what a message is about. */
function aboutOf({ data }: EngineMessage): Record<string, string> {
  if ("refundId" in data) return { "redress.refund_id": data.refundId };
  if ("notificationId" in data) return { "redress.notification_id": data.notificationId };
  if ("bulkRefundId" in data) return { "redress.bulk_refund_id": data.bulkRefundId };
  return "type" in data ? { "stripe.event_id": data.id, "stripe.event_type": data.type } : {};
}
