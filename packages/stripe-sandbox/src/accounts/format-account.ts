import type Stripe from "stripe";
import type { AccountRecord } from "./account-record.ts";

function formatRequirements(account: AccountRecord): Stripe.Account.Requirements {
  const due = [...(account.requirementsDue ?? [])];
  const isOff = account.chargesEnabled === false || account.payoutsEnabled === false;
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: due,
    disabled_reason: isOff ? (due.length > 0 ? "requirements.past_due" : "other") : null,
    errors: [],
    eventually_due: due,
    past_due: isOff ? due : [],
    pending_verification: [],
  };
}

/** A Standard account as `/v1/accounts/:id` shows it. */
export function formatAccount(account: AccountRecord): Stripe.Account {
  return {
    id: account.id,
    object: "account",
    business_profile: {
      mcc: null,
      minority_owned_business_designation: null,
      name: account.business_name,
      product_description: account.product_description,
      specified_commercial_transactions_act_url: null,
      support_address: null,
      support_email: account.email,
      support_phone: null,
      support_url: null,
      url: account.url,
    },
    business_type: null,
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: account.chargesEnabled ?? true,
    controller: { type: "account" },
    country: account.country,
    created: account.created,
    default_currency: account.default_currency,
    details_submitted: true,
    email: account.email,
    metadata: {},
    payouts_enabled: account.payoutsEnabled ?? true,
    requirements: formatRequirements(account),
    type: "standard",
  };
}
