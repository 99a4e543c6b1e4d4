import { helps } from "@redress/cli/run";
import { referencePage } from "../../../apps/web/src/openapi/reference-page.ts";
import type { Page } from "../pages.ts";
import { escapeHtml, layOut, type Side, styleSheet } from "./layout.ts";
import { addressOf, type Link, type RenderedPage, renderPage } from "./render-page.ts";
import { apiReference, cliReference, sectionsOf } from "./sections.ts";

export interface Source {
  readonly pages: readonly Page[];
  /** The OpenAPI document. */
  readonly openApi: unknown;
  /** Whether a file of the repository is there. */
  readonly hasFile: (path: string) => boolean;
}

export interface Site {
  /** Address in the site → what stands there. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of the repository that pages show or link, to be copied as they are. */
  readonly copied: ReadonlySet<string>;
  /** Links that lead nowhere, one sentence each. */
  readonly deadLinks: readonly string[];
}

/** The documentation as files of HTML, from the markdown as it stands in the repository. */
export function makeSite({ pages, openApi, hasFile }: Source): Site {
  const rendered = new Map(pages.map((page) => [page.path, renderPage(page)]));
  const sections = sectionsOf([...rendered.keys()]);
  const side: Side = { sections, titleOf: (path) => rendered.get(path)?.title ?? path };
  const files = new Map([
    ["style.css", styleSheet],
    [apiReference, referencePage(openApi)],
    [cliReference, layOut(cliReference, "Every command", commandsHtml(), side)],
  ]);
  for (const { path, title, html } of rendered.values()) {
    files.set(addressOf(path), layOut(path, title, html, side));
  }
  const made = [apiReference, cliReference];
  const inSide = sections.flatMap(({ entries }) =>
    entries.map((entry) => linkInSide(typeof entry === "string" ? entry : entry.to)),
  );
  const copied = new Set<string>();
  const deadLinks: string[] = [];
  for (const link of [...inSide, ...[...rendered.values()].flatMap(({ links }) => links)]) {
    if (made.includes(link.path)) continue;
    const fault = faultOf(link, rendered, hasFile);
    if (fault !== null) deadLinks.push(`${link.from}: ${link.href} ${fault}`);
    else if (!rendered.has(link.path)) copied.add(link.path);
  }
  return { files, copied, deadLinks };
}

function linkInSide(to: string): Link {
  const [path = "", anchor = null] = to.split("#");
  return { from: "the side bar", href: to, path, anchor };
}

function faultOf(
  { path, anchor }: Link,
  rendered: ReadonlyMap<string, RenderedPage>,
  hasFile: Source["hasFile"],
): string | null {
  const page = rendered.get(path);
  if (page === undefined) return hasFile(path) ? null : "leads to no file";
  return anchor === null || page.anchors.has(anchor) ? null : "leads to no heading";
}

/** Every help as the command line prints it. */
function commandsHtml(): string {
  const parts = [...helps].map(
    ([name, help]) => `<h2 id="${name}">redress ${name}</h2>\n<pre>${escapeHtml(help)}</pre>`,
  );
  return `<h1>Every command</h1>\n<p>What <code>npm run redress -- help</code> prints for each.</p>\n${parts.join("\n")}`;
}
