import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import type { Tone } from "./refunds/status.ts";
import { toneClasses } from "./refunds/tone-classes.ts";

/** A state of something: a shape, a colour and a word. */
export function Mark({
  label,
  tone,
  icon: Icon,
  ...rest
}: { label: string; tone: Tone; icon: LucideIcon } & Omit<ComponentProps<"span">, "className" | "children">) {
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap ${toneClasses[tone]}`}
      {...rest}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
