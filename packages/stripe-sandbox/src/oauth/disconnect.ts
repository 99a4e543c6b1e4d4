import type Stripe from "stripe";
import type { System } from "../system.ts";

/** The application as `account.application.*` events carry it: the account's id is only in `event.account`. */
function application(system: System): Stripe.Application {
  const platform = system.directory.platform();
  return { id: platform.clientId, object: "application", name: platform.business_name };
}

/**
 * Ends the platform's access to an account and tells its Connect endpoints; without a connection, nothing.
 * Must run inside a transaction. Source: contract section 1.7.
 */
export function disconnect(system: System, account: string): void {
  if (system.directory.connection(account) === undefined) return;
  // While still connected, or nobody would be told.
  system.contexts.create({ account }).emit("account.application.deauthorized", application(system));
  system.directory.disconnect(account);
}

/** Tells the Connect endpoints about a new connection. Must run inside a transaction. */
export function announceConnection(system: System, account: string): void {
  system.contexts.create({ account }).emit("account.application.authorized", application(system));
}
