import { noteAddress } from "@redress/core/audit/note-address";
import type { Dependencies } from "@redress/core/dependencies";
import { clientAddressHeader } from "../http/client-address.ts";

/**
 * The dependencies of one request: what it writes into the audit log carries the caller's address, as a hash.
 * Where our server is not in front, nobody knows the address, and the log has none.
 */
export async function bindOrigin(dependencies: Dependencies, headers: Headers): Promise<Dependencies> {
  const address = headers.get(clientAddressHeader);
  if (address === null) return dependencies;
  return { ...dependencies, origin: await noteAddress(dependencies, address) };
}
