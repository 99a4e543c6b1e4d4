import { notFound } from "next/navigation";

/** An address that is no page, inside the desk's own frame. */
export default function UnknownPage() {
  notFound();
}
