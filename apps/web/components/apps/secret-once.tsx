import { CopyText } from "../copy-text.tsx";
import { Banner } from "../ui/banner.tsx";

/** A secret that is shown this once. */
export function SecretOnce({
  secret,
  label = "notification secret",
  hint = "Copy it now into the app’s configuration: it is not shown again.",
  children,
}: {
  secret: string;
  label?: string;
  hint?: string;
  children: string;
}) {
  return (
    <Banner tone="waiting" title={children}>
      <p>{hint}</p>
      <p className="mt-1.5 rounded-md border border-line bg-surface px-2 py-1 text-ink">
        <CopyText text={secret} label={label} />
      </p>
    </Banner>
  );
}
