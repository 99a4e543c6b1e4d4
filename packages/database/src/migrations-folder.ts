import { join } from "node:path";

// Read when it is called, and not by `new URL("…", import.meta.url)`, which web's bundler would take for an asset.
export const migrationsFolder = () => join(import.meta.dirname, "../migrations");
