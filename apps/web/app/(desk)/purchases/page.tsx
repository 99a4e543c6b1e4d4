import { listApps } from "@redress/core/apps/list-apps";
import type { PurchaseSummary } from "@redress/core/purchases/purchase-view";
import { searchPurchases } from "@redress/core/purchases/search-purchases";
import { ReceiptText, SearchX } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { Customer } from "../../../components/customer.tsx";
import { Money } from "../../../components/money.tsx";
import { Pager } from "../../../components/pager.tsx";
import { PurchaseState } from "../../../components/purchases/purchase-state.tsx";
import { SearchForm } from "../../../components/purchases/search-form.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState, PageHeader } from "../../../components/ui/page.tsx";
import { Cell, HeadCell, Row, rowLink, Table } from "../../../components/ui/table.tsx";
import { When } from "../../../components/when.tsx";
import { openPage } from "../../../src/access/page.ts";
import { readFrom, readSearch, type SearchParams } from "../../../src/http/search.ts";

export const metadata: Metadata = { title: "Purchases" };

const text = z.string().trim().max(200).optional().catch(undefined);
const searchSchema = z.object({ query: text, app: text, cursor: text });

export default async function PurchasesPage({ searchParams }: { searchParams: SearchParams }) {
  const { dependencies, scope } = await openPage("purchases.read");
  const search = await readSearch(searchParams, searchSchema);
  const { query, app, cursor } = search;
  const [apps, { purchases, nextCursor }] = await Promise.all([
    listApps(dependencies, { appIds: scope }),
    readFrom(cursor, (from) =>
      searchPurchases(dependencies, {
        appIds: scope,
        query: [query, app && `app:${app}`].filter(Boolean).join(" ") || undefined,
        limit: 50,
        ...from,
      }),
    ),
  ]);
  return (
    <>
      <PageHeader title="Purchases" description="Find what the customer bought, then refund it." />
      <SearchForm query={query} app={app} apps={apps} />
      {purchases.length > 0 ? (
        <PurchaseTable purchases={purchases} />
      ) : (
        <NothingFound
          searched={Boolean(query || app)}
          connected={apps.some(({ connection }) => connection)}
        />
      )}
      <Pager path="/purchases" search={search} nextCursor={nextCursor} />
    </>
  );
}

function PurchaseTable({ purchases }: { purchases: readonly PurchaseSummary[] }) {
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
        card, or a charge id.
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
