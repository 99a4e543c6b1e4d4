import type { Context } from "../../context.ts";
import { type ListPage, type ListQuery, listPage } from "../../http/lists.ts";
import { form, listParams } from "../../http/params.ts";
import type { CollectionKind, StoredRecord } from "../../store/collection.ts";

/** The parameters of a list whose objects belong to a charge. */
export const ofPaymentParams = {
  ...listParams,
  charge: form.text().optional(),
  payment_intent: form.text().optional(),
};

interface OfPaymentQuery extends ListQuery {
  charge?: string | undefined;
  payment_intent?: string | undefined;
}

/**
 * One page of what belongs to a charge, a payment intent, both, or any; read through the index of the
 * charge where it is given, since a charge has fewer objects than its payment intent.
 * @throws SandboxError as `listPage`
 */
export function listOfPayment<R extends StoredRecord & { paymentIntent: string | null }, I extends string, T>(
  ctx: Context,
  kind: CollectionKind<R, I | "charge" | "paymentIntent">,
  query: OfPaymentQuery,
  options: { url: string; noun: string; format: (record: R) => T },
): ListPage<T> {
  const { charge, payment_intent } = query;
  return listPage<R, T, I | "charge" | "paymentIntent">(ctx, kind, query, {
    ...options,
    index:
      charge !== undefined
        ? { name: "charge", value: charge }
        : payment_intent !== undefined
          ? { name: "paymentIntent", value: payment_intent }
          : undefined,
    filter: (record) => payment_intent === undefined || record.paymentIntent === payment_intent,
  });
}
