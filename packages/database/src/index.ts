export { ApplicationRoleError, grantApplicationRole } from "./application-role.ts";
export * from "./connect.ts";
export { migrateAsOwner, migrateDatabase } from "./migrate.ts";
export * as schema from "./schema.ts";
export * from "./schema.ts";
export { SchemaNewerError } from "./schema-newer-error.ts";
export { readSchemaState, type SchemaState } from "./schema-state.ts";
