/** One request as the ledger shows it. A connection that was dropped before execution has status 0. */
export interface LoggedRequest {
  id: string;
  method: string;
  path: string;
  account: string | null;
  idempotencyKey: string | null;
  status: number;
  replayed: boolean;
  /** It came under a key that had been used, and was forgotten since. */
  forgotten: boolean;
  /** Epoch milliseconds of the sandbox clock. */
  at: number;
}

const MAXIMUM = 100_000;

/** The newest requests to `/v1` and `/oauth`, in memory. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > MAXIMUM * 1.1) this.#requests = this.#requests.slice(-MAXIMUM);
  }

  all(): LoggedRequest[] {
    return this.#requests.slice(-MAXIMUM);
  }

  clear(): void {
    this.#requests = [];
  }
}
