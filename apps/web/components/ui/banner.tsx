import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../class-names.ts";

const looks = {
  good: { icon: CircleCheck, box: "border-good/30 bg-good-tint", mark: "text-good" },
  waiting: { icon: TriangleAlert, box: "border-waiting/30 bg-waiting-tint", mark: "text-waiting" },
  bad: { icon: CircleAlert, box: "border-bad/30 bg-bad-tint", mark: "text-bad" },
  plain: { icon: Info, box: "border-line bg-sunken", mark: "text-ink-faint" },
} as const;

/** One thing the reader must know, in the place where it matters. */
export function Banner({
  tone,
  title,
  children,
  className,
}: {
  tone: keyof typeof looks;
  title?: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  const { icon: Icon, box, mark } = looks[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={classNames("flex gap-2.5 rounded-lg border px-3.5 py-2.5 text-sm text-ink", box, className)}
    >
      <Icon aria-hidden className={classNames("mt-0.5 size-4 shrink-0", mark)} />
      <div className="min-w-0 space-y-1 [overflow-wrap:anywhere]">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-ink-soft">{children}</div>}
      </div>
    </div>
  );
}
