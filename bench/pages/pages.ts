import { query } from "../database-server.ts";

/** One page of the console, as a person opens it. */
export interface Page {
  readonly name: string;
  /** Another one at each question, where a page is about one thing. */
  readonly path: (index: number) => string;
}

const fixed = (name: string, path: string): Page => ({ name, path: () => path });

/** The main pages; those of one purchase, refund or list are of as many different ones as there are questions. */
export async function readPages(connectionString: string, count: number): Promise<Page[]> {
  const idsOf = async (table: string) => {
    const rows = await query<{ id: string }>(
      connectionString,
      `select id from ${table} order by id limit ${count}`,
    );
    return rows.map(({ id }) => id);
  };
  const each = async (name: string, folder: string, table: string): Promise<Page> => {
    const ids = await idsOf(table);
    return { name, path: (index) => `/${folder}/${ids[index % ids.length] ?? "none"}` };
  };
  return [
    fixed("home, 30 days", "/"),
    fixed("home, 90 days", "/?time=90d"),
    fixed("home, 12 months", "/?time=12m"),
    fixed("home, 12 months of a small app", "/?time=12m&app=app-7"),
    fixed("needs you", "/needs-you"),
    fixed("approvals", "/approvals"),
    fixed("purchases", "/purchases"),
    fixed("purchases, a name", "/purchases?query=Anna"),
    await each("a purchase", "purchases", "purchases"),
    fixed("refunds", "/refunds"),
    await each("a refund", "refunds", "refunds"),
    fixed("bulk refunds", "/bulk-refunds"),
    await each("a list", "bulk-refunds", "bulk_refunds"),
    fixed("disputes", "/disputes"),
    fixed("reconciliation", "/reconciliation"),
    fixed("audit", "/audit"),
    fixed("events", "/events"),
    fixed("deliveries", "/deliveries"),
  ];
}
