import { listApps } from "@redress/core/apps/list-apps";
import { isRedressError } from "@redress/core/errors";
import { type FoundPurchase, searchPurchases } from "@redress/core/purchases/search-purchases";
import { Download, ReceiptText, SearchX, ShieldQuestion } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { Customer } from "../../../components/customer.tsx";
import Link from "../../../components/link.tsx";
import { Money } from "../../../components/money.tsx";
import { Pager } from "../../../components/pager.tsx";
import { PurchaseState } from "../../../components/purchases/purchase-state.tsx";
import { SearchForm } from "../../../components/purchases/search-form.tsx";
import { Banner } from "../../../components/ui/banner.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../../../components/ui/table.tsx";
import { ViewTabs } from "../../../components/views/view-tabs.tsx";
import { When } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams, withSearch } from "../../../src/http/search.ts";
import { purchaseFilters } from "../../../src/views/filters.ts";
import { readViews } from "../../../src/views/read-views.ts";

export const metadata: Metadata = { title: "Purchases" };

const text = z.string().trim().max(200).optional().catch(undefined);
const searchSchema = purchaseFilters.extend({ view: text, cursor: text });

export default async function PurchasesPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, operator, scope, shown } = await openPage("purchases.read");
  const search = await readSearch(searchParams, searchSchema);
  const apps = await listApps(dependencies, { appIds: scope });
  const views = await readViews(dependencies, operator, { page: "purchases", asked: search.view, apps });
  const { query, app } = views.opened?.filters ?? search;
  const words = [query, app && `app:${app}`].filter(Boolean).join(" ");
  const { purchases, nextCursor, refused } = await readFrom(search.cursor, (from) =>
    // Who names an app in the search means it.
    search50(dependencies, { appIds: app ? scope : shown, query: words, ...from }),
  );
  return (
    <>
      <PageHeader title="Purchases" description="Find what the customer bought, then refund it." />
      <ViewTabs views={views} filters={{ query, app }} />
      <SearchForm query={query} app={app} apps={apps} />
      {refused !== null && <Banner tone="bad">{refused}</Banner>}
      {purchases.some(({ unverified }) => unverified) && <UnverifiedHint />}
      {purchases.length > 0 ? (
        <PurchaseTable purchases={purchases} />
      ) : (
        refused === null && (
          <NothingFound
            searched={Boolean(query || app)}
            connected={apps.some(({ connection }) => connection)}
          />
        )
      )}
      {words !== "" && app !== undefined && purchases.length > 1 && (
        <p className="mt-3 text-sm text-ink-soft">
          <Link href={withSearch("/bulk-refunds", { app, filter: query })} className="hover:underline">
            Refund all that match …
          </Link>
        </p>
      )}
      <Pager path="/purchases" search={search} nextCursor={nextCursor} />
      {purchases.length > 0 && (
        <p className="mt-4 text-sm">
          <a
            href={withSearch("/api/v1/exports/purchases", { query, app })}
            download
            className="inline-flex items-center gap-1.5 text-ink-soft hover:text-ink hover:underline"
          >
            <Download aria-hidden className="size-4" />
            {words === "" ? "All as CSV" : "All that match as CSV"}
          </a>
        </p>
      )}
    </>
  );
}

/** A page of results, or why the words cannot be read. */
async function search50(
  dependencies: Parameters<typeof searchPurchases>[0],
  input: Parameters<typeof searchPurchases>[1],
) {
  try {
    return { ...(await searchPurchases(dependencies, { ...input, limit: 50 })), refused: null };
  } catch (error) {
    // A cursor of another list is `readFrom`'s to start anew.
    if (input.cursor !== undefined || !isRedressError(error) || error.code !== "invalid_input") throw error;
    return { purchases: [], nextCursor: null, refused: error.message };
  }
}

/** Said once above the list; each row has only the mark. */
function UnverifiedHint() {
  return (
    <p className="mb-3 flex items-start gap-1.5 text-xs text-ink-soft">
      <ShieldQuestion aria-hidden className="mt-px size-3.5 shrink-0 text-waiting" />
      Found by address or name alone, which anybody may know. Ask for the order number, the card’s last four
      digits, the amount or the day, and add it to the search.
    </p>
  );
}

function CustomerMarks({ purchase }: { purchase: FoundPurchase }) {
  const { othersWithEmail } = purchase.customer;
  return (
    <>
      {purchase.unverified && (
        <span className="mt-0.5 mr-2 inline-flex items-center gap-1 text-2xs font-medium text-waiting">
          <ShieldQuestion aria-hidden className="size-3" /> Unverified
        </span>
      )}
      {othersWithEmail > 0 && (
        <span className="mt-0.5 inline-flex text-2xs text-ink-faint">
          {othersWithEmail === 1 ? "Another customer has" : `${othersWithEmail} other customers have`} this
          address
        </span>
      )}
    </>
  );
}

function PurchaseTable({ purchases }: { purchases: readonly FoundPurchase[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <HeadCell>Customer</HeadCell>
          <HeadCell className="hidden sm:table-cell">Product</HeadCell>
          <HeadCell className="hidden lg:table-cell">App</HeadCell>
          <HeadCell className="hidden md:table-cell">State</HeadCell>
          <HeadCell className="text-right">Amount</HeadCell>
          <HeadCell className="hidden text-right sm:table-cell">Bought</HeadCell>
        </tr>
      </thead>
      <tbody>
        {purchases.map((purchase) => (
          <Row key={purchase.id}>
            <Cell>
              <Link href={`/purchases/${purchase.id}`} className={rowLink}>
                <Customer name={purchase.customerName} email={purchase.customerEmail} />
              </Link>
              <CustomerMarks purchase={purchase} />
              <span className="mt-1 block empty:hidden md:hidden">
                <PurchaseState purchase={purchase} />
              </span>
            </Cell>
            <Cell className="hidden sm:table-cell">
              <span className="block max-w-56 truncate">{purchase.productName ?? "—"}</span>
              {purchase.orderNumber && (
                <span className="block max-w-56 truncate text-xs text-ink-faint">{purchase.orderNumber}</span>
              )}
            </Cell>
            <Cell className="hidden text-ink-soft lg:table-cell">{purchase.app.name}</Cell>
            <Cell className="hidden md:table-cell">
              <PurchaseState purchase={purchase} />
            </Cell>
            <Cell className="text-right">
              <Money amount={purchase.amountCaptured} currency={purchase.currency} className="font-medium" />
              {purchase.amountLeft < purchase.amountCaptured && (
                <span className="block text-xs text-ink-faint">
                  <Money amount={purchase.amountLeft} currency={purchase.currency} /> left
                </span>
              )}
            </Cell>
            <Cell className="hidden text-right whitespace-nowrap text-ink-soft sm:table-cell">
              <When at={purchase.purchasedAt} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function NothingFound({ searched, connected }: { searched: boolean; connected: boolean }) {
  if (searched) {
    return (
      <EmptyState icon={SearchX} title="No purchase matches">
        Try the beginning of the e-mail address or name, a whole order number, the last four digits of the
        card, an amount such as 49.00eur, a day such as 2026-11-01, or a charge id. All words must match.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={ReceiptText} title="No purchases yet">
      <p>
        {connected
          ? "The purchases of the connected apps appear here as Stripe reports them."
          : "Connect an app to its Stripe account, and its purchases appear here."}
      </p>
      <Button asChild className="mt-4">
        <Link href="/settings/integrations">Open integrations</Link>
      </Button>
    </EmptyState>
  );
}
