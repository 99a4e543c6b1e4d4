export * from "./connect.ts";
export { migrateDatabase } from "./migrate.ts";
export * as schema from "./schema.ts";
export * from "./schema.ts";
