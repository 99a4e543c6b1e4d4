import NextLink from "next/link";
import type { ComponentProps } from "react";

/**
 * A link to a page of the desk. It is fetched when it is followed: every page is made for its reader at that moment, and
 * fetching all that are in sight, anew after each change, kept the desk busy with pages that nobody asked for.
 */
export default function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
