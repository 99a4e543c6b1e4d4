import type { AccountDirectory } from "./accounts/directory.ts";
import type { SandboxClock } from "./clock.ts";
import type { Context, SandboxSettings } from "./context.ts";
import { noSuch } from "./errors.ts";
import type { IdGenerator } from "./ids.ts";
import type { Store } from "./store/store.ts";
import type { Timers } from "./timers.ts";
import type { Publisher } from "./webhooks/publish.ts";

/** Who acts, on whose data. */
export interface ContextFor {
  account: string;
  application?: string | null;
  request?: { id: string; idempotencyKey: string | null } | null;
  /** Swallows events. */
  silent?: boolean;
}

interface ContextParts {
  store: Store;
  clock: SandboxClock;
  ids: IdGenerator;
  directory: AccountDirectory;
  publisher: Publisher;
  settings: SandboxSettings;
  /** Late: the timers in turn run their handlers with contexts. */
  timers: () => Timers;
}

/** Makes the contexts that routes, timers and admin operations run with. */
export class Contexts {
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  /** @throws SandboxError 404 for an unknown account */
  create({ account, application = null, request = null, silent = false }: ContextFor): Context {
    const { store, clock, ids, directory, publisher, settings, timers } = this.#parts;
    const record = directory.accounts.get(account);
    if (record === undefined) throw noSuch("account", account, "account");
    const scope = { account, livemode: false };
    return {
      ...scope,
      application,
      request,
      settings,
      accountRecord: () => record,
      platform: () => this.create({ account: directory.platform().id, request, silent }),
      collection: (kind) => store.collection(scope, kind),
      nowMs: () => clock.nowMs(),
      nowSeconds: () => clock.nowSeconds(),
      id: (prefix, length) => ids.id(prefix, length),
      random: () => ids.random(),
      emit(type, object, previous) {
        if (silent) return;
        publisher.publish({
          account,
          type,
          object,
          previous: previous ?? null,
          request: { id: request?.id ?? null, idempotency_key: request?.idempotencyKey ?? null },
        });
      },
      schedule: (name, delayMs, payload) => timers().schedule({ name, account, delayMs, payload }),
    };
  }
}
