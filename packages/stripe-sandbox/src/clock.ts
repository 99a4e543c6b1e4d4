/** The sandbox's own time: a source plus an offset that the admin API moves. */
export class SandboxClock {
  readonly #source: () => number;
  #offset: number;

  constructor(source: () => number, offset = 0) {
    this.#source = source;
    this.#offset = offset;
  }

  /** Epoch milliseconds. */
  nowMs(): number {
    return this.#source() + this.#offset;
  }

  /** Unix seconds, as in `created`. */
  nowSeconds(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  get offset(): number {
    return this.#offset;
  }

  moveTo(ms: number): void {
    this.#offset = ms - this.#source();
  }

  reset(): void {
    this.#offset = 0;
  }
}
