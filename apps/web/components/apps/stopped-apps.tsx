import type { AppView } from "@redress/core/apps/app-view";
import { Banner } from "../ui/banner.tsx";
import { When } from "../when.tsx";
import { ReleaseForm } from "./stop-switch.tsx";

/** Said on every page, so that nobody wonders why a refund waits. */
export function StoppedApps({
  apps,
  releasable,
}: {
  apps: readonly AppView[];
  releasable: ReadonlySet<string>;
}) {
  return apps.map(
    ({ id, slug, name, refundsStopped }) =>
      refundsStopped && (
        <Banner key={id} tone="bad" className="mb-4" title={`All refunds of ${name} are stopped.`}>
          <p>
            Since <When at={refundsStopped.at} />, by {refundsStopped.byName ?? "a former operator"}:{" "}
            {refundsStopped.reason}
          </p>
          {releasable.has(id) && (
            <div className="mt-2">
              <ReleaseForm slug={slug} name={name} />
            </div>
          )}
        </Banner>
      ),
  );
}
