export * from "./schema/apps.ts";
export * from "./schema/audit.ts";
export * from "./schema/events.ts";
export * from "./schema/notifications.ts";
export * from "./schema/operators.ts";
export * from "./schema/purchases.ts";
export * from "./schema/reconciliation.ts";
export * from "./schema/refunds.ts";
