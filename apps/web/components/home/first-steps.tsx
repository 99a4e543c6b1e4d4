import type { AppView } from "@redress/core/apps/app-view";
import { CircleCheck, CircleDashed, CircleDot } from "lucide-react";
import Link from "../link.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";

/** What this reader may do about it. */
export interface Abilities {
  readonly addsApps: boolean;
  readonly connects: boolean;
  readonly invites: boolean;
}

interface Step {
  readonly title: string;
  readonly text: string;
  readonly isDone: boolean;
  /** Null: somebody else has to. */
  readonly link: { readonly href: string; readonly label: string } | null;
}

/** The first page of a desk that has no purchases yet: what there is to do, one after the other. */
export function FirstSteps({ apps, may }: { apps: readonly AppView[]; may: Abilities }) {
  const steps = stepsOf(apps, may);
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="first-steps" className="max-w-2xl">
      <h2 id="first-steps" className="text-base font-semibold">
        From here to the first refund
      </h2>
      <p className="mt-1 mb-4 text-sm text-ink-soft">
        This page shows what was refunded, how fast, and what waits for you, as soon as there are purchases.
      </p>
      <ol className="grid gap-3">
        {steps.map((step, index) => (
          <StepCard key={step.title} step={step} isNext={index === next} />
        ))}
      </ol>
    </section>
  );
}

function StepCard({ step: { title, text, isDone, link }, isNext }: { step: Step; isNext: boolean }) {
  const Icon = isDone ? CircleCheck : isNext ? CircleDot : CircleDashed;
  const look = isDone ? "text-good" : isNext ? "text-waiting" : "text-ink-faint";
  return (
    <li data-first-step={isDone ? "done" : isNext ? "next" : "later"}>
      <Card className="flex gap-3 px-4 py-3.5 text-sm">
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold">
            {title}
            {isDone && <span className="sr-only"> (done)</span>}
          </h3>
          <p className="mt-0.5 text-ink-soft">{text}</p>
          {!isDone && link !== null && (
            <Button asChild size="small" look={isNext ? "primary" : "plain"} className="mt-2.5">
              <Link href={link.href}>{link.label}</Link>
            </Button>
          )}
          {!isDone && link === null && (
            <p className="mt-1.5 text-xs text-ink-faint">An administrator of this desk does this.</p>
          )}
        </div>
      </Card>
    </li>
  );
}

function stepsOf(apps: readonly AppView[], may: Abilities): Step[] {
  const integrations = "/settings/integrations";
  const connected = apps.find(({ connection }) => connection !== null);
  const importing = apps.find((app) => app.import.status === "running");
  const pageOf = (app: AppView | undefined) => (app ? `${integrations}/${app.slug}` : integrations);
  return [
    {
      title: "Add an app",
      text: "One product of your company: its name, and where it is told of refunds.",
      isDone: apps.length > 0,
      link: may.addsApps ? { href: integrations, label: "Add an app" } : null,
    },
    {
      title: "Connect its Stripe account",
      text: "Stripe asks for your consent. Redress keeps no key of the account.",
      isDone: connected !== undefined,
      link: may.connects ? { href: pageOf(apps[0]), label: "Connect" } : null,
    },
    {
      title: "Its purchases arrive",
      text: importing
        ? `The account’s history is being imported: ${importing.import.importedCount} so far.`
        : "The account’s history is imported, and Stripe reports each new purchase.",
      isDone: false,
      link: may.connects && connected ? { href: pageOf(connected), label: "See how far it is" } : null,
    },
    {
      title: "Say what needs no person, and who decides the rest",
      text: "Until an app has a policy, each refund is asked of a person, and nobody approves their own request.",
      isDone: false,
      link: may.addsApps
        ? { href: "/settings/policies", label: "Write a policy" }
        : may.invites
          ? { href: "/settings/people", label: "Invite people" }
          : null,
    },
  ];
}
