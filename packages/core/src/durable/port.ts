import type { MessageData, MessageName } from "../outbox/messages.ts";

/**
 * What a workflow may use. A step that finished is not run again, whatever happens to the process; what is
 * outside of steps may run several times, so that it must only decide which step is next.
 */
export interface Step {
  /** Runs `work` once and keeps its JSON answer; an error is retried with back-off, then fails the workflow. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Waits at least that long; survives a restart. */
  sleep(name: string, milliseconds: number): Promise<void>;
}

/**
 * A workflow: a plain async function that a message starts. It is written to be run twice: engines may
 * lose, repeat or move it, and the sweepers put everything right, since the truth is in the database.
 */
export interface Workflow<Name extends MessageName = MessageName> {
  readonly id: string;
  /** The message that starts it. */
  readonly on: Name;
  /** Which of these messages start it; without it, all do. */
  when?(data: MessageData<Name>): boolean;
  /** No two steps of workflows with the same key run at once. Nothing correct may rest on it. */
  concurrencyKey?(data: MessageData<Name>): string;
  /** How often a failing step is tried in all. */
  readonly attempts: number;
  /**
   * All of it may be run again at any time, and changes nothing the second time. An engine may then run many messages
   * as one, without writing down each step, and keep a key's steps apart within a process only.
   */
  readonly repeatable?: true;
  /** Its last step marks the message as delivered: an engine need not go on after that. */
  run(context: { messageId: string; data: MessageData<Name>; step: Step }): Promise<void>;
}

/** A workflow of any message, as engines hold them. */
export type AnyWorkflow = { [Name in MessageName]: Workflow<Name> }[MessageName];

/** One message on its way to an engine. */
export type EngineMessage = {
  [Name in MessageName]: {
    id: string;
    name: Name;
    data: MessageData<Name>;
    /** 1 for the first sending. */
    sendCount: number;
    /** What queued it, for traces: see `currentTraceParent`. */
    traceParent?: string | null | undefined;
  };
}[MessageName];

/** What became of a workflow whose steps were all tried in vain. */
export interface WorkflowFailure {
  readonly workflowId: string;
  readonly messageId: string;
  readonly error: unknown;
}

/** A workflow engine: DBOS on the same PostgreSQL, or Inngest. */
export interface Engine {
  readonly name: "dbos" | "inngest" | "inline";
  start(): Promise<void>;
  /**
   * Hands messages over. Resolving means only that the engine took them: a message is delivered when
   * its effect is in the database (`completed_at`), and is sent again after a grace period until then.
   *
   * @throws NotTakenError naming those that it did not take; any other error means all of them
   */
  send(messages: readonly EngineMessage[]): Promise<void>;
  /** Answers the engine's own calls to `/api/inngest`; an engine that makes none has none. */
  serve?(request: Request): Promise<Response>;
  /** Lets running steps finish, then stops. */
  stop(): Promise<void>;
}
