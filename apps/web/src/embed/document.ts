import { createHash } from "node:crypto";
import type { Settings } from "@redress/core/dependencies";
import { html, Markup } from "./html.ts";
import { embedStyle } from "./style.ts";

const style = new Markup(embedStyle);
const styleHash = createHash("sha256").update(embedStyle).digest("base64");

const bands: Readonly<Record<Settings["mode"], string | null>> = {
  sandbox: "Sandbox: no money is real.",
  test: "Test mode: no money is real.",
  live: null,
};

/**
 * A page of the panel, whole: without a script, and framed by nobody but the sites that the helpdesk's key names. Its address
 * and its fields hold what lets somebody in, so it names itself to nobody and is kept nowhere.
 *
 * @param frame.origins empty: nobody may frame it
 */
export function embedPage(
  body: Markup,
  frame: { status: number; origins: readonly string[]; settings: Pick<Settings, "publicUrl" | "mode"> },
): Response {
  const { status, origins, settings } = frame;
  const band = bands[settings.mode];
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Refunds</title><style>${style}</style></head><body><main>${body}</main>${band === null ? null : html`<p class="faint">${band}</p>`}</body></html>`;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    // Not 'self': a sandboxed frame is nobody's.
    `form-action ${settings.publicUrl}`,
    "base-uri 'none'",
    `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(" ")}`,
  ];
  return new Response(page.text, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": policy.join("; "),
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    },
  });
}

/** What stands instead of the panel: why, and what to do. */
export function refusalBody(sentence: string): Markup {
  return html`<section class="card" role="alert"><h1>Nothing to show</h1><p class="soft">${sentence}</p></section>`;
}
