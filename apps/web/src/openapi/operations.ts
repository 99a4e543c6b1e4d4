import { booksOperations } from "./books-operations.ts";
import { bulkOperations } from "./bulk-operations.ts";
import { customerMailOperations } from "./customer-mail-operations.ts";
import { deliveriesOperations } from "./deliveries-operations.ts";
import { deskOperations } from "./desk-operations.ts";
import { embedOperations } from "./embed-operations.ts";
import type { Operation, Operations } from "./operation.ts";
import { portalOperations } from "./portal-operations.ts";
import { refundOperations } from "./refund-operations.ts";

/** Every call of the REST interface. A route that is not here fails a test. */
export const operations: Operations = {
  ...refundOperations,
  ...bulkOperations,
  ...deskOperations,
  ...customerMailOperations,
  ...booksOperations,
  ...deliveriesOperations,
  ...portalOperations,
  ...embedOperations,
};

const patterns = Object.entries(operations).map(([name, operation]) => {
  const [method = "", path = ""] = name.split(" ");
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  return { name, method, pattern, operation, isExact: !path.includes("{") };
});

/** The operation that answers a call, or undefined where none is documented. */
export function operationOf(
  method: string,
  path: string,
): { readonly name: string; readonly operation: Operation } | undefined {
  const [plain = ""] = path.split("?");
  const matching = patterns.filter((one) => one.method === method && one.pattern.test(plain));
  return matching.find(({ isExact }) => isExact) ?? matching[0];
}
