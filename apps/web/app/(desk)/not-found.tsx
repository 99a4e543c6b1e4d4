import { SearchX } from "lucide-react";
import Link from "../../components/link.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/page.tsx";

export default function DeskNotFound() {
  return (
    <EmptyState icon={SearchX} title="There is nothing here that you may see">
      <p>The address is wrong, or it belongs to an app that you have no role in.</p>
      <Button asChild className="mt-4">
        <Link href="/purchases">Search the purchases</Link>
      </Button>
    </EmptyState>
  );
}
