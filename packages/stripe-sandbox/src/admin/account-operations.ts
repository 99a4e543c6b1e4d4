import { z } from "zod";
import type { ConnectScope } from "../accounts/connection.ts";
import { formatAccount } from "../accounts/format-account.ts";
import { noSuch } from "../errors.ts";
import { disconnect } from "../oauth/disconnect.ts";
import type { System } from "../system.ts";
import { defineSystemOperation } from "./system-operation.ts";

export interface SandboxPlatform {
  accountId: string;
  /** `sk_test_…` */
  secretKey: string;
  publishableKey: string;
  /** `ca_…` */
  clientId: string;
  /** Empty: any http://127.0.0.1 or localhost URI is accepted. */
  redirectUris: string[];
}

export interface SandboxAccount {
  id: string;
  business_name: string | null;
  email: string | null;
  country: string;
  default_currency: string;
  connected: boolean;
  scope: ConnectScope | null;
  /** The merchant's own key, for what it does in its own Dashboard. */
  secretKey: string;
}

const nothing = z.strictObject({});

export function describePlatform(system: System): SandboxPlatform {
  const { id, secretKey, publishableKey, clientId } = system.directory.platform();
  return { accountId: id, secretKey, publishableKey, clientId, redirectUris: [...system.redirectUris] };
}

const platform = defineSystemOperation({
  method: "GET",
  path: "/platform",
  body: nothing,
  run: describePlatform,
});

const setRedirectUris = defineSystemOperation({
  method: "POST",
  path: "/redirect_uris",
  body: z.strictObject({ uris: z.array(z.url()) }),
  run(system, { uris }) {
    system.setRedirectUris(uris);
    return {};
  },
});

const createAccount = defineSystemOperation({
  method: "POST",
  path: "/accounts",
  body: z.strictObject({
    business_name: z.string().optional(),
    email: z.string().optional(),
    country: z.string().length(2).optional(),
    default_currency: z.string().length(3).optional(),
    connected: z.boolean().default(false),
    scope: z.enum(["read_write", "read_only"]).default("read_write"),
    /** Every account has its own key: accepted, and always true. */
    own_key: z.boolean().optional(),
  }),
  run: (system, { connected, scope, own_key: _, ...fields }) =>
    system.store.transaction(() => {
      const { id, secretKey } = system.directory.create(fields);
      if (connected) system.directory.connect(id, scope, null);
      return { id, secretKey, connected };
    }),
});

const listAccounts = defineSystemOperation({
  method: "GET",
  path: "/accounts",
  body: nothing,
  run(system): { accounts: SandboxAccount[] } {
    const { directory } = system;
    const accounts = directory.accounts.all().filter((account) => account.clientId === null);
    return {
      accounts: accounts.map(({ id, business_name, email, country, default_currency, secretKey }) => {
        const scope = directory.connection(id)?.scope ?? null;
        return {
          id,
          business_name,
          email,
          country,
          default_currency,
          connected: scope !== null,
          scope,
          secretKey,
        };
      }),
    };
  },
});

const revokeAccount = defineSystemOperation({
  method: "POST",
  path: "/accounts/:id/revoke",
  body: nothing,
  run(system, _body, id) {
    if (system.directory.accounts.get(id) === undefined) throw noSuch("account", id);
    system.store.transaction(() => disconnect(system, id));
    return {};
  },
});

/** What Stripe does to an account that owes it papers, or is suspected of fraud. */
const restrictAccount = defineSystemOperation({
  method: "POST",
  path: "/accounts/:id/restrict",
  body: z.strictObject({
    charges_enabled: z.boolean().optional(),
    payouts_enabled: z.boolean().optional(),
    requirements_due: z.array(z.string()).optional(),
  }),
  run(system, { charges_enabled, payouts_enabled, requirements_due }, id) {
    const { accounts } = system.directory;
    const before = accounts.get(id);
    if (before === undefined) throw noSuch("account", id);
    return system.store.transaction(() => {
      const after = accounts.put({
        ...before,
        chargesEnabled: charges_enabled ?? before.chargesEnabled ?? true,
        payoutsEnabled: payouts_enabled ?? before.payoutsEnabled ?? true,
        requirementsDue: requirements_due ?? before.requirementsDue ?? [],
      });
      const was = formatAccount(before);
      const is = formatAccount(after);
      system.contexts.create({ account: id }).emit("account.updated", is, {
        ...(was.charges_enabled === is.charges_enabled ? {} : { charges_enabled: was.charges_enabled }),
        ...(was.payouts_enabled === is.payouts_enabled ? {} : { payouts_enabled: was.payouts_enabled }),
      });
      return is;
    });
  },
});

/** The admin operations about the platform and its merchants. */
export const accountOperations = {
  platform,
  setRedirectUris,
  createAccount,
  listAccounts,
  revokeAccount,
  restrictAccount,
};
