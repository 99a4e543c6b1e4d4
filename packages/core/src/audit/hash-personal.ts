import { createHmac } from "node:crypto";

/**
 * Stands for personal data in the audit log. Once the salt is erased with the customer's data, the hash
 * tells nothing and the chain stays valid.
 */
export function hashPersonal(salt: string, value: string): string {
  return createHmac("sha256", salt).update(value).digest("hex");
}
