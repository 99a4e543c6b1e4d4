import type { ErrorBody } from "../src/http/error-response.ts";
import { Banner } from "./ui/banner.tsx";

/** The sentence of a refused form. */
export function FormError({ error }: { error: ErrorBody | undefined }) {
  if (!error) return null;
  return (
    <div data-error-code={error.code}>
      <Banner tone="bad">{error.message}</Banner>
    </div>
  );
}
