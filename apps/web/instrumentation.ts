import type { Instrumentation } from "next";
import { getRuntime } from "./src/runtime.ts";

/**
 * Pages that could not be shown, in the desk's own log: `digest` is what the reader sees. Without the search
 * of the address, which may name a customer.
 */
export const onRequestError: Instrumentation.onRequestError = (error, { method, path }, { routePath }) => {
  const digest = error instanceof Error && "digest" in error ? error.digest : undefined;
  const facts = { err: error, digest, method, path: path.split("?", 1)[0], route: routePath };
  getRuntime().dependencies.logger.error(facts, "A page could not be shown.");
};
