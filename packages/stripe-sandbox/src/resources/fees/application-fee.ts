import type Stripe from "stripe";

/** What the platform took of a merchant's payment; it belongs to the platform. Amounts in minor units. */
export interface ApplicationFee {
  readonly id: string;
  readonly created: number;
  readonly account: string;
  readonly application: string;
  readonly charge: string;
  readonly amount: number;
  readonly amountRefunded: number;
  readonly currency: string;
  readonly balanceTransaction: string;
  /** The parts given back, newest first. */
  readonly refunds: readonly FeeRefund[];
}

interface FeeRefund {
  readonly id: string;
  readonly created: number;
  readonly amount: number;
  readonly balanceTransaction: string;
}

export function formatApplicationFee(fee: ApplicationFee): Stripe.ApplicationFee {
  const { amount, amountRefunded, charge, currency, id, refunds } = fee;
  return {
    id,
    object: "application_fee",
    account: fee.account,
    amount,
    amount_refunded: amountRefunded,
    application: fee.application,
    balance_transaction: fee.balanceTransaction,
    charge,
    created: fee.created,
    currency,
    fee_source: { charge, type: "charge" },
    livemode: false,
    originating_transaction: null,
    refunded: amountRefunded >= amount,
    refunds: {
      object: "list",
      data: refunds.slice(0, 10).map((refund) => ({
        id: refund.id,
        object: "fee_refund",
        amount: refund.amount,
        balance_transaction: refund.balanceTransaction,
        created: refund.created,
        currency,
        fee: id,
        metadata: {},
      })),
      has_more: refunds.length > 10,
      url: `/v1/application_fees/${id}/refunds`,
    },
  };
}
