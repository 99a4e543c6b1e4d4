import type { ExaminedPart, Finding } from "@redress/core/doctor/finding";
import { CircleCheck, CircleMinus, CircleX, TriangleAlert } from "lucide-react";
import { Mark } from "../mark.tsx";
import type { Look } from "../refunds/status.ts";
import { Card } from "../ui/card.tsx";

const looks: Readonly<Record<Finding["state"], Look>> = {
  ok: { label: "Good", tone: "good", icon: CircleCheck },
  warning: { label: "Look at it", tone: "waiting", icon: TriangleAlert },
  failed: { label: "Wrong", tone: "bad", icon: CircleX },
  skipped: { label: "Not in use", tone: "quiet", icon: CircleMinus },
};
const titles: Readonly<Record<ExaminedPart, string>> = {
  configuration: "Configuration",
  database: "Database",
  stripe: "Stripe",
  webhooks: "Webhook secrets",
  engine: "Workflows",
  mail: "Mail",
  slack: "Slack",
  apps: "Apps",
  audit: "Audit log",
};

/** What was found of each part, with the mend where there is one. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  return (
    <Card>
      <ul className="divide-y divide-line">
        {findings.map(({ part, state, sentence, mend }) => (
          <li
            key={`${part} ${sentence}`}
            className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm md:grid-cols-[8rem_8rem_1fr]"
          >
            <span className="font-medium">{titles[part]}</span>
            <span>
              <Mark {...looks[state]} />
            </span>
            <div className="min-w-0 [overflow-wrap:anywhere]">
              <p>{sentence}</p>
              {mend !== undefined && <p className="mt-0.5 text-ink-soft">{mend}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
