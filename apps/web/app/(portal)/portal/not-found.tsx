import { SearchX } from "lucide-react";
import Link from "../../../components/link.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/page.tsx";

export default function PortalNotFound() {
  return (
    <EmptyState icon={SearchX} title="There is no such message to your app">
      <p>The address is wrong, or the message is another app’s.</p>
      <Button asChild className="mt-4">
        <Link href="/portal">All messages</Link>
      </Button>
    </EmptyState>
  );
}
