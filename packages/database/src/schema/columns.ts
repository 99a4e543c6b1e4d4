import { bigint, timestamp } from "drizzle-orm/pg-core";

/** A moment, from the injected clock; never the database's own, so that a simulation can own time. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

/** An amount in the currency's smallest unit. Stripe's largest is 12 digits, far inside a safe integer. */
export const minorUnits = (name: string) => bigint(name, { mode: "number" });
