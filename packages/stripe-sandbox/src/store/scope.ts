/** Every object belongs to one account and one mode. */
export interface Scope {
  readonly account: string;
  readonly livemode: boolean;
}

/** Where the sandbox keeps what belongs to no single account: accounts, connections, timers, deliveries. */
export const SANDBOX_SCOPE: Scope = { account: "sandbox", livemode: false };

export function scopeKey(scope: Scope): string {
  return scope.livemode ? `${scope.account}:live` : scope.account;
}
