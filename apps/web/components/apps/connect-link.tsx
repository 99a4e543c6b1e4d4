import { Plug } from "lucide-react";
import { Button } from "../ui/button.tsx";

/** Leads to Stripe's consent page, which sends the browser back here. */
export function ConnectLink({ slug }: { slug: string }) {
  return (
    <Button asChild look="primary">
      {/* Not next/link: this address starts a journey to Stripe and must not be prefetched. */}
      <a href={`/api/stripe/connect/authorize?appSlug=${encodeURIComponent(slug)}`}>
        <Plug aria-hidden /> Connect with Stripe
      </a>
    </Button>
  );
}
