/** What was started, to be stopped in reverse order, also when the bench fails or is interrupted. */
export class Closers {
  readonly #closers: (() => Promise<unknown> | unknown)[] = [];

  add(close: () => Promise<unknown> | unknown): void {
    this.#closers.push(close);
  }

  /** Stops everything, whatever fails on the way; may be called again. */
  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        process.stderr.write(`${String(error)}\n`);
      }
    }
  }
}
