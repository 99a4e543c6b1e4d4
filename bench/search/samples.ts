import { query } from "../database-server.ts";

/** A purchase that is looked for. */
export interface Sample {
  readonly id: string;
  readonly charge: string;
  readonly intent: string;
  readonly customer: string;
  readonly email: string;
  readonly name: string;
  readonly order: string;
  readonly last4: string;
  /** In the smallest unit. */
  readonly amount: number;
  readonly day: string;
}

/** Purchases as chance has them: the first by an id that is chance. */
export function readSamples(connectionString: string, count: number): Promise<Sample[]> {
  return query<Sample & { amount: number }>(
    connectionString,
    `select id, stripe_charge_id as charge, stripe_payment_intent_id as intent, stripe_customer_id as customer,
      customer_email as email, customer_name as name, order_number as "order", payment_method_last4 as last4,
      amount_captured::int as amount, to_char(purchased_at at time zone 'UTC', 'YYYY-MM-DD') as day
      from purchases order by id limit ${count}`,
  );
}
