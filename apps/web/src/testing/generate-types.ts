import openapiTs, { astToString } from "openapi-typescript";

/**
 * The types that `openapi-typescript` makes of an OpenAPI document.
 *
 * @param document as JSON
 */
export async function generateTypes(document: unknown): Promise<string> {
  const nodes = await openapiTs(JSON.stringify(document));
  return `// Made by npm run openapi.\n${astToString(nodes)}`;
}
