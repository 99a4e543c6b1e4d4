import { systemActor } from "../actor.ts";

/** What the audit log names for steps of the execution. */
export const executor = systemActor("execute_refund");
