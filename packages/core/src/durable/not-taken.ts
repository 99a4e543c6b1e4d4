/** Why an engine did not take one message. */
export interface Refusal {
  readonly error: unknown;
  /** The engine refuses this very message: the same sending would be refused again. Else the engine is in trouble. */
  readonly forGood: boolean;
}

/** `Engine.send` took its messages except for these, by message id. Any other error of it means all of them. */
export class NotTakenError extends Error {
  override readonly name = "NotTakenError";
  readonly refusals: ReadonlyMap<string, Refusal>;

  constructor(refusals: ReadonlyMap<string, Refusal>) {
    const [first] = refusals.values();
    super(`The engine did not take ${refusals.size} messages.`, { cause: first?.error });
    this.refusals = refusals;
  }
}
