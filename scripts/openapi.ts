import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openApiDocument } from "../apps/web/src/openapi/document.ts";
import { operations } from "../apps/web/src/openapi/operations.ts";
import { documentedRoutes } from "../apps/web/src/testing/documented-routes.ts";
import { generateTypes } from "../apps/web/src/testing/generate-types.ts";

/** `npm run openapi`: makes the OpenAPI document from the routes, and from it the types of the test's client. */
const file = (path: string) => fileURLToPath(new URL(`../apps/web/src/${path}`, import.meta.url));

const document = openApiDocument(await documentedRoutes(), operations);
await writeFile(file("openapi/openapi.json"), `${JSON.stringify(document, null, 1)}\n`);
await writeFile(file("testing/openapi-types.ts"), await generateTypes(document));
