/** Stripe's three reasons, for people. */
export const reasonLabels = {
  requested_by_customer: "Requested by the customer",
  duplicate: "Charged twice",
  fraudulent: "Fraudulent",
} as const;
