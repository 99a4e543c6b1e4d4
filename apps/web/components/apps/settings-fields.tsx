import { Field, Input } from "../ui/field.tsx";

export interface SettingsValues {
  readonly name: string;
  readonly contactEmail: string;
  readonly websiteUrl: string;
  readonly notificationUrl: string;
  /** Null: the policy in force says more than this field can. */
  readonly approvalRules: string | null;
  readonly slackChannel: string;
  readonly revokeAccessOnPartialRefund: boolean;
  readonly refundApplicationFee: boolean;
}

export const noSettings: SettingsValues = {
  name: "",
  contactEmail: "",
  websiteUrl: "",
  notificationUrl: "",
  approvalRules: "",
  slackChannel: "",
  revokeAccessOnPartialRefund: false,
  refundApplicationFee: false,
};

/** What may be set of an app: the same fields when it is added and later. */
export function SettingsFields({
  prefix,
  values,
  typed,
}: {
  prefix: string;
  values: SettingsValues;
  typed: Readonly<Record<string, string>> | undefined;
}) {
  const id = (name: string) => `${prefix}-${name}`;
  return (
    <>
      <Field id={id("name")} label="Name">
        <Input
          id={id("name")}
          name="name"
          required
          maxLength={100}
          defaultValue={typed?.name ?? values.name}
        />
      </Field>
      <Field
        id={id("contact")}
        label="Contact e-mail"
        optional
        hint="Filled in on Stripe’s page for a new account."
      >
        <Input
          id={id("contact")}
          name="contactEmail"
          type="email"
          aria-describedby={id("contact-hint")}
          defaultValue={typed?.contactEmail ?? values.contactEmail}
        />
      </Field>
      <Field id={id("website")} label="Website" optional>
        <Input
          id={id("website")}
          name="websiteUrl"
          type="url"
          placeholder="https://"
          defaultValue={typed?.websiteUrl ?? values.websiteUrl}
        />
      </Field>
      <Field
        id={id("notify")}
        label="Notification address"
        optional
        hint="The app is told here, signed, so that it changes the customer’s access."
      >
        <Input
          id={id("notify")}
          name="notificationUrl"
          type="url"
          placeholder="https://"
          aria-describedby={id("notify-hint")}
          defaultValue={typed?.notificationUrl ?? values.notificationUrl}
        />
      </Field>
      <Field
        id={id("slack")}
        label="Slack channel"
        optional
        hint="Its id, such as C0123ABCD. Without one, requests are shown in the desk’s channel."
      >
        <Input
          id={id("slack")}
          name="slackChannel"
          aria-describedby={id("slack-hint")}
          defaultValue={typed?.slackChannel ?? values.slackChannel}
        />
      </Field>
      {values.approvalRules !== null && (
        <Field
          id={id("rules")}
          label="Approved without a person, up to"
          optional
          hint="For example: 50 eur, 60 usd, 6000 jpy. What is above, or in another currency, needs a colleague."
        >
          <Input
            id={id("rules")}
            name="approvalRules"
            aria-describedby={id("rules-hint")}
            defaultValue={typed?.approvalRules ?? values.approvalRules}
          />
        </Field>
      )}
      <Choice
        name="revokeAccessOnPartialRefund"
        label="A partial refund revokes access too"
        hint="Otherwise only a full refund does."
        isOn={typed ? typed.revokeAccessOnPartialRefund === "on" : values.revokeAccessOnPartialRefund}
      />
      <Choice
        name="refundApplicationFee"
        label="A refund gives the application fee back too"
        hint="Its share of what the platform took of the payment. Otherwise the platform keeps it. Counts for requests from now on."
        isOn={typed ? typed.refundApplicationFee === "on" : values.refundApplicationFee}
      />
    </>
  );
}

function Choice({ name, label, hint, isOn }: { name: string; label: string; hint: string; isOn: boolean }) {
  return (
    <label className="flex items-start gap-2.5 self-center text-sm">
      <input
        type="checkbox"
        name={name}
        defaultChecked={isOn}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span>
        {label}
        <span className="block text-xs text-ink-faint">{hint}</span>
      </span>
    </label>
  );
}
