import { Lock } from "lucide-react";
import type { Metadata } from "next";
import { EmptyState } from "../../../components/ui/page.tsx";

export const metadata: Metadata = { title: "Not for your role" };

export default function NoAccessPage() {
  return (
    <EmptyState icon={Lock} title="Your role does not allow this">
      Ask an administrator of this desk to do it, or to give you the role under People. Where everybody needs
      a second factor, you get your role back once you have{" "}
      <a href="/account" className="underline">
        set one up
      </a>
      .
    </EmptyState>
  );
}
