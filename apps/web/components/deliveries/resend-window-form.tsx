"use client";

import { RotateCw } from "lucide-react";
import type { FormAction } from "../../src/access/action.ts";
import { AppOptions } from "../app-filter.tsx";
import { FoldedForm } from "../folded-form.tsx";
import { SubmitButton } from "../submit-button.tsx";
import { Banner } from "../ui/banner.tsx";
import { Field, Input, Select } from "../ui/field.tsx";
import type { ResendOutcome, TypedWindow } from "./resend-outcome.ts";

interface NamedApp {
  readonly slug: string;
  readonly name: string;
}

/**
 * Sends the messages of a window again: counts them first, then asks.
 *
 * @param apps those to choose from; null: there is one, and the action knows it
 */
export function ResendWindowForm({
  action,
  apps,
}: {
  action: FormAction<ResendOutcome>;
  apps: readonly NamedApp[] | null;
}) {
  return (
    <FoldedForm
      action={action}
      open={false}
      summary={
        <>
          <RotateCw aria-hidden className="size-4" /> Send the messages of some days again
        </>
      }
    >
      {({ result, values }) => {
        const isCounted = result?.step === "counted" && result.resendable > 0;
        const isUnfinished = result?.step === "sent" && result.left > 0;
        return (
          <>
            <Outcome result={result} />
            {isCounted || isUnfinished ? (
              <Confirmation result={result} apps={apps} />
            ) : (
              <Fields apps={apps} window={values ?? result?.window} />
            )}
          </>
        );
      }}
    </FoldedForm>
  );
}

const counted = (count: number) => (count === 1 ? "1 message" : `${count.toLocaleString("en")} messages`);

function Outcome({ result }: { result: ResendOutcome | undefined }) {
  if (result?.step === "counted" && result.resendable === 0) {
    return <Banner tone="plain">There are none of these in that time. Nothing was sent.</Banner>;
  }
  if (result?.step !== "sent") return null;
  return (
    <Banner tone="good">
      {counted(result.resent)} queued to be sent again, under the same ids.
      {result.left > 0 && ` ${counted(result.left)} left.`}
    </Banner>
  );
}

function Confirmation({
  result,
  apps,
}: {
  result: Extract<ResendOutcome, { step: "counted" | "sent" }>;
  apps: readonly NamedApp[] | null;
}) {
  const { window } = result;
  const count = result.step === "counted" ? result.resendable : result.left;
  const name =
    apps === null
      ? "your app"
      : (apps.find(({ slug }) => slug === window.app)?.name ?? "all apps that you manage");
  return (
    <>
      {Object.entries(window).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <p className="text-sm text-ink-soft">
        <strong className="numeric text-ink">{counted(count)}</strong> to {name} that{" "}
        {window.state === "dead" ? "no attempt delivered" : "the app declined"}, made from{" "}
        {dayOf(window.since)} on and before {dayOf(window.until)} (UTC). An app that has had one knows it by
        its id.
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <SubmitButton name="step" value="change">
          Choose others
        </SubmitButton>
        <SubmitButton name="step" value="send" look="primary">
          Send {counted(count)} again
        </SubmitButton>
      </div>
    </>
  );
}

/** A day stays a day; a moment loses its fractions. */
const dayOf = (text: string) => (text.length <= 10 ? text : `${text.slice(0, 16).replace("T", " ")}`);

function Fields({
  apps,
  window,
}: {
  apps: readonly NamedApp[] | null;
  window: TypedWindow | Readonly<Record<string, string>> | undefined;
}) {
  return (
    <>
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {apps && (
          <Field id="resend-app" label="App">
            <Select id="resend-app" name="app" defaultValue={window?.app ?? ""}>
              <AppOptions apps={apps} none="All that you manage" />
            </Select>
          </Field>
        )}
        <Field id="resend-state" label="Which">
          <Select id="resend-state" name="state" defaultValue={window?.state ?? "dead"}>
            <option value="dead">Given up after three days</option>
            <option value="declined">Declined by the app</option>
          </Select>
        </Field>
        <Field id="resend-since" label="From this day on" hint="UTC">
          <Input
            id="resend-since"
            name="since"
            type="date"
            required
            aria-describedby="resend-since-hint"
            defaultValue={window?.since}
          />
        </Field>
        <Field id="resend-until" label="Before this day" optional hint="UTC; until now unless told">
          <Input
            id="resend-until"
            name="until"
            type="date"
            aria-describedby="resend-until-hint"
            defaultValue={window?.until}
          />
        </Field>
      </div>
      <div className="flex justify-end">
        <SubmitButton name="step" value="count">
          Count them
        </SubmitButton>
      </div>
    </>
  );
}
