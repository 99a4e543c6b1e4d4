import type { VerdictKind } from "@redress/database";
import Link from "../link.tsx";
import { Money } from "../money.tsx";
import { statusLooks } from "../refunds/status.ts";
import { Banner } from "../ui/banner.tsx";
import { Cell, HeadCell, Row, Table } from "../ui/table.tsx";
import type { ChangedRequest, Tried } from "./policy-outcome.ts";

const verdictLooks: Readonly<Record<VerdictKind, { label: string; look: string }>> = {
  allow: { label: "without a person", look: "text-good" },
  ask: { label: "asks people", look: "text-waiting" },
  refuse: { label: "refused", look: "text-bad" },
};

/** What a draft would have said of past requests: only those of which it says something else. */
export function DryRunTable({ tried }: { tried: Tried }) {
  const { total, counts, changed, appName } = tried;
  if (total === 0) {
    return (
      <Banner tone="plain" title={`${appName} has no past requests to try this on.`}>
        Nothing was saved.
      </Banner>
    );
  }
  return (
    <section aria-label="Past requests under this draft" className="grid gap-3">
      <Banner
        tone={changed.length === 0 ? "good" : "waiting"}
        title={
          changed.length === 0
            ? `Nothing changes for the newest ${total} requests of ${appName}.`
            : `${changed.length} of the newest ${total} requests of ${appName} would have gone differently.`
        }
      >
        Under this draft: {counts.allow} without a person, {counts.ask} asked of people, {counts.refuse}{" "}
        refused. Nothing was saved.
      </Banner>
      {changed.length > 0 && (
        <Table>
          <thead>
            <tr>
              <HeadCell>Asked</HeadCell>
              <HeadCell>Amount</HeadCell>
              <HeadCell>Became</HeadCell>
              <HeadCell>Then</HeadCell>
              <HeadCell>Under this draft</HeadCell>
            </tr>
          </thead>
          <tbody>
            {changed.map((request) => (
              <ChangedRow key={request.refundId} request={request} />
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function ChangedRow({ request }: { request: ChangedRequest }) {
  const { refundId, asked, amount, currency, status, before, after, explanation } = request;
  return (
    <Row data-changed={refundId}>
      <Cell className="whitespace-nowrap">
        <Link href={`/refunds/${refundId}`} className="hover:underline">
          {asked}
        </Link>
      </Cell>
      <Cell>
        <Money amount={amount} currency={currency} />
      </Cell>
      <Cell className="whitespace-nowrap text-ink-soft">{statusLooks[status].label}</Cell>
      <Cell className="whitespace-nowrap">
        {before === null ? (
          <span className="text-ink-faint">no verdict kept</span>
        ) : (
          <span className={verdictLooks[before].look}>{verdictLooks[before].label}</span>
        )}
      </Cell>
      <Cell>
        <span className={`font-medium ${verdictLooks[after].look}`}>{verdictLooks[after].label}</span>
        <span className="block min-w-56 text-xs text-ink-faint">{explanation}</span>
      </Cell>
    </Row>
  );
}
