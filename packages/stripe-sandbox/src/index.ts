export type { SandboxAccount, SandboxPlatform } from "./admin/account-operations.ts";
export type { SandboxAdmin } from "./admin/admin.ts";
export type { Ledger } from "./admin/ledger.ts";
export { SandboxError } from "./errors.ts";
export type { SandboxOptions } from "./options.ts";
export { type Sandbox, startSandbox } from "./start.ts";
export type { Delivery } from "./webhooks/delivery.ts";
