import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { parseTheme, themeCookie } from "../src/theme.ts";
import "./globals.css";

// Everything is rendered when asked for: the configuration is read at run time, and the CSP nonce is new each time.
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
  title: { default: "Redress", template: "%s · Redress" },
  description: "Refunds for many apps, each with its own Stripe account.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" {...(theme === "system" ? {} : { "data-theme": theme })}>
      <body className="min-h-dvh">{children}</body>
    </html>
  );
}
