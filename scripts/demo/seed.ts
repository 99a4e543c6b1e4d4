import type { Sandbox } from "@redress/stripe-sandbox";

export interface DemoApp {
  readonly slug: string;
  readonly name: string;
  readonly contactEmail: string;
  readonly websiteUrl: string;
  readonly productDescription: string;
  /** The Stripe account its owner picks on the consent page. */
  readonly accountId: string;
  readonly shopPort: number;
  /** Requests up to this amount need no person. */
  readonly approvalRules: readonly { amount: number; currency: string }[];
  readonly currencies: readonly string[];
  readonly products: readonly { name: string; amount: number; currency: string }[];
  readonly purchaseCount: number;
}

const unconnected = { accountId: "" };

/** Two companies in one: courses on types, and workshops on design, each with its own Stripe account. */
export const demoApps: readonly DemoApp[] = [
  {
    ...unconnected,
    slug: "type-school",
    name: "Type School",
    contactEmail: "owner@type-school.example",
    websiteUrl: "https://type-school.example",
    productDescription: "Courses on TypeScript",
    shopPort: 4101,
    approvalRules: [{ amount: 5000, currency: "eur" }],
    currencies: ["eur", "usd", "gbp"],
    products: [
      { name: "Advanced Types", amount: 14900, currency: "eur" },
      { name: "Generics in Practice", amount: 7900, currency: "eur" },
      { name: "Compiler Internals", amount: 24900, currency: "usd" },
      { name: "Type-safe APIs", amount: 9900, currency: "gbp" },
    ],
    purchaseCount: 180,
  },
  {
    ...unconnected,
    slug: "pixel-atelier",
    name: "Pixel Atelier",
    contactEmail: "hello@pixel-atelier.example",
    websiteUrl: "https://pixel-atelier.example",
    productDescription: "Design workshops",
    shopPort: 4102,
    approvalRules: [],
    currencies: ["jpy", "usd", "kwd"],
    products: [
      { name: "Icons from Scratch", amount: 9800, currency: "jpy" },
      { name: "Colour for Engineers", amount: 12900, currency: "usd" },
      { name: "Layout Masterclass", amount: 45500, currency: "kwd" },
    ],
    purchaseCount: 120,
  },
];

export type DemoAccounts = ReadonlyMap<string, { id: string; secretKey: string }>;

/** Each app's own Stripe account, not connected yet, with some months of sales. */
export async function seedAccounts(sandbox: Sandbox): Promise<DemoAccounts> {
  const accounts = new Map<string, { id: string; secretKey: string }>();
  for (const [index, app] of demoApps.entries()) {
    const account = await sandbox.admin.createAccount({
      business_name: app.name,
      email: app.contactEmail,
      country: index === 0 ? "DE" : "JP",
      default_currency: app.currencies[0] ?? "usd",
    });
    await sandbox.admin.seed({
      account: account.id,
      count: app.purchaseCount,
      seed: index + 1,
      products: [...app.products],
      days: 90,
    });
    accounts.set(app.slug, account);
  }
  return accounts;
}
