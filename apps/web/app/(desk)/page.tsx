import { listApps } from "@redress/core/apps/list-apps";
import { readFigures } from "@redress/core/figures/figures";
import { figureTimes } from "@redress/core/figures/spans";
import type { Metadata } from "next";
import { z } from "zod";
import { type Choice, Choices, usualTime } from "../../components/home/choices.tsx";
import { FigureBoard } from "../../components/home/figure-board.tsx";
import { type Abilities, FirstSteps } from "../../components/home/first-steps.tsx";
import { NeedsList } from "../../components/home/needs.tsx";
import { LiveRefresh } from "../../components/live-refresh.tsx";
import { Banner } from "../../components/ui/banner.tsx";
import { PageHeader } from "../../components/ui/page.tsx";
import type { SignedIn } from "../../src/access/operator.ts";
import { openPage } from "../../src/access/page.ts";
import { scopeOf } from "../../src/access/scope.ts";
import { readSearch, type SearchParams } from "../../src/http/search.ts";
import { hasPurchases } from "../../src/reads/has-purchases.ts";
import { readNeeds } from "../../src/reads/needs.ts";

export const metadata: Metadata = { title: "Home" };

const searchSchema = z.object({
  time: z.enum(figureTimes).catch(usualTime),
  app: z.string().trim().max(100).catch("").default(""),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/)
    .optional()
    .catch(undefined),
});

/** What needs the reader, and how refunds went, of their apps. */
export default async function HomePage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope, shown } = await openPage("refunds.read");
  const choice: Choice = await readSearch(searchParams, searchSchema);
  const apps = await listApps(dependencies, { appIds: shown });
  const app = apps.find(({ slug }) => slug === choice.app);
  const { time, currency } = choice;
  const [needs, figures] = await Promise.all([
    readNeeds(dependencies, operator),
    readFigures(dependencies, { appIds: app ? [app.id] : shown, time, currency }),
  ]);
  const isEmpty = figures.amounts === null && !(await hasPurchases(dependencies, scope));
  return (
    <>
      <LiveRefresh everyMs={60_000} />
      <PageHeader title="Home" />
      <section aria-labelledby="needs" className="mb-8">
        <h2 id="needs" className="mb-2 text-base font-semibold">
          Needs you
        </h2>
        <NeedsList needs={needs} />
      </section>
      {isEmpty ? (
        <FirstSteps apps={apps} may={abilitiesOf(operator)} />
      ) : (
        <section aria-labelledby="figures">
          <h2 id="figures" className="mb-2 text-base font-semibold">
            Refunds
          </h2>
          <Choices choice={choice} apps={apps} />
          {choice.app !== "" && app === undefined && (
            <Banner tone="plain" className="mb-4">
              There is no such app that you may see. All of yours are shown.
            </Banner>
          )}
          <FigureBoard figures={figures} choice={choice} apps={app ? [] : apps} />
        </section>
      )}
    </>
  );
}

function abilitiesOf({ grants }: SignedIn): Abilities {
  const connectable = scopeOf(grants, "connections.manage");
  return {
    addsApps: scopeOf(grants, "apps.manage") === "all",
    connects: connectable === "all" || connectable.length > 0,
    invites: scopeOf(grants, "operators.manage") === "all",
  };
}
