import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

const button = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-on-accent hover:bg-accent-strong",
        plain: "border border-line-strong bg-surface text-ink shadow-(--shadow) hover:bg-sunken",
        quiet: "text-ink-soft hover:bg-sunken hover:text-ink",
        danger: "border border-bad/40 bg-surface text-bad hover:bg-bad-tint",
        dangerous: "bg-bad text-surface hover:opacity-90",
      },
      size: {
        small: "h-7 px-2.5 text-sm",
        normal: "h-9 px-3.5 text-sm",
        wide: "h-10 w-full px-4 text-base",
      },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean };

/** A button, or with `asChild` a link that looks like one. */
export function Button({ asChild, look, size, className, ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return <Element className={classNames(button({ look, size }), className)} {...rest} />;
}
