import Link from "../components/link.tsx";
import { Button } from "../components/ui/button.tsx";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col items-start justify-center gap-3 px-5">
      <h1 className="text-2xl font-semibold tracking-tight">There is no such page</h1>
      <p className="text-ink-soft">The address is wrong, or the page has moved.</p>
      <Button asChild look="primary">
        <Link href="/">Go to the desk</Link>
      </Button>
    </main>
  );
}
