import type { Context } from "../../context.ts";
import { noSuch } from "../../errors.ts";
import { charges, customers } from "../collections.ts";
import type { Customer } from "../customers/customer.ts";
import type { Charge } from "./charge.ts";

/** @throws SandboxError 404 resource_missing */
export function findCharge(ctx: Context, id: string): Charge {
  const charge = ctx.collection(charges).get(id);
  if (!charge) throw noSuch("charge", id, "id");
  return charge;
}

/** The customer whom a parameter names. @throws SandboxError 404 resource_missing */
export function findCustomer(ctx: Context, id: string): Customer {
  const customer = ctx.collection(customers).get(id);
  if (!customer) throw noSuch("customer", id, "customer");
  return customer;
}
