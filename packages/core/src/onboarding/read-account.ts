import { z } from "zod";
import type { Dependencies } from "../dependencies.ts";
import { classifyStripeError } from "../stripe/classify-error.ts";

const list = z.array(z.string()).nullish();
/** Only what is shown; the rest of an account may change as it likes (Stripe: Account object). */
const accountSchema = z.object({
  id: z.string(),
  country: z.string().nullish(),
  default_currency: z.string().nullish(),
  email: z.string().nullish(),
  charges_enabled: z.boolean().nullish(),
  payouts_enabled: z.boolean().nullish(),
  business_profile: z.object({ name: z.string().nullish() }).nullish(),
  requirements: z
    .object({
      currently_due: list,
      past_due: list,
      disabled_reason: z.string().nullish(),
      current_deadline: z.int().nullish(),
    })
    .nullish(),
});

/** A connected account as Stripe shows it now. Null: Stripe did not say. */
export interface StripeAccount {
  readonly id: string;
  readonly name: string | null;
  readonly country: string | null;
  readonly defaultCurrency: string | null;
  readonly chargesEnabled: boolean | null;
  readonly payoutsEnabled: boolean | null;
  /** Names of Stripe's, e.g. `external_account`, that its owner has to give. */
  readonly requirementsDue: readonly string[];
  readonly requirementsPastDue: readonly string[];
  readonly requirementsDeadline: Date | null;
  readonly disabledReason: string | null;
}

/** What Stripe says of an account; `unreachable` passes by itself, the others need a person. */
export type AccountReading =
  | { readonly kind: "account"; readonly account: StripeAccount }
  /** The platform's key is a restricted one, without the right to read accounts. */
  | { readonly kind: "not_readable" }
  | { readonly kind: "no_access" }
  | { readonly kind: "unreachable"; readonly said: string };

/** Asks Stripe for a connected account. Nothing of it is kept: it is shown as it is at this moment. */
export async function readAccount(
  { stripe }: Pick<Dependencies, "stripe">,
  accountId: string,
): Promise<AccountReading> {
  try {
    const answer = await stripe.accounts.retrieveCurrent({}, { stripeAccount: accountId });
    const parsed = accountSchema.safeParse(answer);
    if (!parsed.success)
      return { kind: "unreachable", said: "Stripe's answer could not be read. Look again in a minute." };
    return { kind: "account", account: accountOf(parsed.data) };
  } catch (error) {
    const { kind, message } = classifyStripeError(error);
    if (kind === "no_access") return { kind };
    return kind === "refused" ? { kind: "not_readable" } : { kind: "unreachable", said: message };
  }
}

function accountOf(read: z.output<typeof accountSchema>): StripeAccount {
  const { requirements } = read;
  const deadline = requirements?.current_deadline;
  return {
    id: read.id,
    name: read.business_profile?.name ?? null,
    country: read.country ?? null,
    defaultCurrency: read.default_currency ?? null,
    chargesEnabled: read.charges_enabled ?? null,
    payoutsEnabled: read.payouts_enabled ?? null,
    requirementsDue: requirements?.currently_due ?? [],
    requirementsPastDue: requirements?.past_due ?? [],
    requirementsDeadline: deadline ? new Date(deadline * 1_000) : null,
    disabledReason: requirements?.disabled_reason ?? null,
  };
}
