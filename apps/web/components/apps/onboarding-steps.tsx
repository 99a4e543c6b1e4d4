import type { Step, StepName } from "@redress/core/onboarding/onboarding-steps";
import { CircleCheck, CircleDashed, CircleDot, LoaderCircle, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "../ui/card.tsx";

const titles: Readonly<Record<StepName, string>> = {
  created: "The app",
  connected: "Connection",
  account: "The account at Stripe",
  history: "Purchases",
  notifications: "Notifications",
  events: "Events from Stripe",
  test_refund: "Test refund",
};

const marks: Readonly<Record<Step["state"], { icon: LucideIcon; word: string; look: string }>> = {
  done: { icon: CircleCheck, word: "Done", look: "text-good" },
  next: { icon: CircleDot, word: "To do", look: "text-waiting" },
  moving: { icon: LoaderCircle, word: "Under way", look: "text-moving" },
  blocked: { icon: CircleDashed, word: "Not yet", look: "text-ink-faint" },
};

/** The way of an app to its first refund: how each step stands, and what to do. `more` stands under a step's words. */
export function OnboardingSteps({
  steps,
  more,
}: {
  steps: readonly Step[];
  more: Readonly<Partial<Record<StepName, ReactNode>>>;
}) {
  return (
    <ol className="grid gap-3">
      {steps.map((step) => (
        <li key={step.name} data-step={step.name} data-state={step.state}>
          <Card className="grid gap-2 px-4 py-3.5 text-sm">
            <StepTitle step={step} />
            <p>{step.said}</p>
            {step.todo && <p className="text-ink-soft">{step.todo}</p>}
            {more[step.name]}
          </Card>
        </li>
      ))}
    </ol>
  );
}

function StepTitle({ step }: { step: Step }) {
  const { icon: Icon, word, look } = marks[step.state];
  return (
    <h2 className="flex flex-wrap items-center justify-between gap-2 font-semibold">
      {titles[step.name]}
      <span className={`inline-flex items-center gap-1 text-xs font-medium ${look}`}>
        <Icon aria-hidden className="size-3.5" />
        {word}
      </span>
    </h2>
  );
}
