import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

/** A dense table that scrolls inside its frame where it does not fit. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface shadow-(--shadow)">
      <table className={classNames("w-full border-collapse text-left text-sm", className)} {...rest} />
    </div>
  );
}

export function HeadCell({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames(
        "h-9 border-b border-line bg-sunken px-3 text-xs font-medium whitespace-nowrap text-ink-soft first:pl-4 last:pr-4",
        className,
      )}
      {...rest}
    />
  );
}

/** A row that leads somewhere: the link inside covers it, so the whole row can be clicked. */
export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      className={classNames(
        "relative border-b border-line last:border-0 has-[a:hover]:bg-sunken/60",
        className,
      )}
      {...rest}
    />
  );
}

export function Cell({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td className={classNames("h-11 px-3 py-1.5 align-middle first:pl-4 last:pr-4", className)} {...rest} />
  );
}

/** For the link of a `Row`. */
export const rowLink = "after:absolute after:inset-0 focus-visible:after:rounded-md";
