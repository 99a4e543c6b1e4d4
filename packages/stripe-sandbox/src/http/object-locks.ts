import { SandboxError } from "../errors.ts";

/** Real milliseconds that a request waits for an object before it gives up. */
const PATIENCE_MS = 2000;

/** One request at a time per object, first come first served. */
export class ObjectLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Waits for the object and answers the function that lets it go.
   * @throws SandboxError 429 `lock_timeout` when another request holds it for too long
   */
  async acquire(object: string): Promise<() => void> {
    const before = this.#tails.get(object);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = (before ?? Promise.resolve()).then(() => held);
    this.#tails.set(object, tail);
    void tail.then(() => {
      if (this.#tails.get(object) === tail) this.#tails.delete(object);
    });
    if (before === undefined) return release;
    if (await settlesWithin(before, PATIENCE_MS)) return release;
    release();
    throw lockTimeout();
  }
}

async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([promise.then(() => true as const), late]);
  clearTimeout(timer);
  return settled;
}

/** Source: contract section 6. */
export function lockTimeout(): SandboxError {
  return new SandboxError({
    status: 429,
    code: "lock_timeout",
    message:
      "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.",
    headers: { "Stripe-Should-Retry": "true" },
  });
}
