import { ArrowLeft } from "lucide-react";
import Link from "./link.tsx";

export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className="mb-3 inline-flex items-center gap-1.5 text-sm text-ink-faint hover:text-ink">
      <ArrowLeft aria-hidden className="size-3.5" />
      {children}
    </Link>
  );
}
