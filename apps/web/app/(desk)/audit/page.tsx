import { listApps } from "@redress/core/apps/list-apps";
import { type AuditLogEntry, listAudit } from "@redress/core/audit/list-audit";
import { actorNames } from "@redress/core/refunds/refund-summaries";
import { Download, ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { AuditFilters } from "../../../components/audit/filters.tsx";
import { VerifyForm } from "../../../components/audit/verify-form.tsx";
import Link from "../../../components/link.tsx";
import { Pager } from "../../../components/pager.tsx";
import { actorName } from "../../../components/refunds/timeline.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Table } from "../../../components/ui/table.tsx";
import { ExactTime } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams, withSearch } from "../../../src/http/search.ts";
import { auditFilterOf } from "../../../src/reads/audit-filter.ts";
import { auditQuery } from "../../../src/rest/audit-input.ts";

export const metadata: Metadata = { title: "Audit" };

const word = z.string().trim().max(100).catch("").default("");
const searchSchema = z.object({
  refundId: word,
  app: word,
  actorKind: word,
  action: word,
  correlationId: word,
  from: word,
  to: word,
  cursor: word,
});

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, scope, shown } = await openPage("audit.read");
  const { cursor, ...search } = await readSearch(searchParams, searchSchema);
  const filter = await auditFilterOf(dependencies, shown, understood(search));
  const { entries, nextCursor } = await readFrom(cursor, (from) =>
    listAudit(dependencies, { ...filter, limit: 100, ...from }),
  );
  const apps = await listApps(dependencies, { appIds: shown });
  const names = await actorNames(
    dependencies.database,
    entries.map(({ actorId }) => actorId),
  );
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who did what, when, and what changed. Entries can only be added; each is sealed with the one before."
      />
      {scope === "all" && <VerifyForm />}
      <AuditFilters apps={apps} search={search} />
      <div className="mb-4 flex flex-wrap gap-2">
        {(["csv", "jsonl"] as const).map((format) => (
          <Button key={format} asChild size="small">
            <a href={withSearch("/api/v1/audit/export", { ...understoodText(search), format })} download>
              <Download aria-hidden /> {format === "csv" ? "CSV" : "JSON lines"}
            </a>
          </Button>
        ))}
      </div>
      {entries.length > 0 ? (
        <Table>
          <thead>
            <tr>
              <HeadCell>When</HeadCell>
              <HeadCell className="hidden sm:table-cell">Who</HeadCell>
              <HeadCell>What</HeadCell>
              <HeadCell className="hidden md:table-cell">App</HeadCell>
              <HeadCell className="hidden lg:table-cell">Caused by</HeadCell>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                name={names.get(entry.actorId) ?? null}
                app={apps.find(({ id }) => id === entry.appId)?.name ?? null}
              />
            ))}
          </tbody>
        </Table>
      ) : (
        <EmptyState icon={ScrollText} title="Nothing here yet">
          Everything that anybody does on this desk is written here.
        </EmptyState>
      )}
      <Pager path="/audit" search={{ ...search, cursor }} nextCursor={nextCursor} />
    </>
  );
}

type Search = Readonly<Record<string, string>>;

/** What stands in the address, without what is empty or no such filter: an edited address shows the page. */
function understoodText(search: Search): Search {
  const parsed = Object.entries(search).filter(
    ([name, value]) => value !== "" && auditQuery.safeParse({ [name]: value }).success,
  );
  return Object.fromEntries(parsed);
}

const understood = (search: Search) => auditQuery.parse(understoodText(search));

function Entry({ entry, name, app }: { entry: AuditLogEntry; name: string | null; app: string | null }) {
  const facts = Object.entries({ before: entry.before, after: entry.after, details: entry.details }).filter(
    ([, value]) => value && Object.keys(value).length > 0,
  );
  const who = actorName({ kind: entry.actorKind, id: entry.actorId, name });
  const subject = entry.refundId ?? entry.purchaseId;
  return (
    <tr className="border-b border-line align-top last:border-0">
      <Cell className="align-top text-ink-soft sm:whitespace-nowrap">
        <ExactTime at={entry.at} className="numeric text-xs" />
        <span className="block text-xs sm:hidden">{who}</span>
      </Cell>
      <Cell className="hidden align-top sm:table-cell">
        <span className="block max-w-40 truncate">{who}</span>
        <span className="block text-xs text-ink-faint">{entry.actorKind}</span>
      </Cell>
      <Cell className="max-w-96 align-top sm:min-w-56">
        <details>
          <summary className="hover:text-accent">
            <span className="font-medium">{sentence(entry.action)}</span>
          </summary>
          <pre className="mt-1.5 overflow-x-auto rounded-md bg-sunken p-2.5 font-mono text-xs">
            {JSON.stringify(Object.fromEntries(facts), null, 2)}
          </pre>
        </details>
        {subject && (
          <Link
            href={entry.refundId ? `/refunds/${entry.refundId}` : `/purchases/${entry.purchaseId}`}
            className="font-mono text-xs text-ink-faint hover:text-accent"
          >
            {subject}
          </Link>
        )}
      </Cell>
      <Cell className="hidden align-top text-ink-soft md:table-cell">{app ?? "—"}</Cell>
      <Cell className="hidden align-top font-mono text-xs text-ink-faint lg:table-cell">
        {entry.correlationId}
      </Cell>
    </tr>
  );
}

const sentence = (action: string) =>
  `${action.charAt(0).toUpperCase()}${action.slice(1).replaceAll("_", " ")}`;
