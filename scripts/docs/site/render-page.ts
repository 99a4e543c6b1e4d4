import { posix } from "node:path";
import { Marked, type Tokens } from "marked";
import type { Page } from "../pages.ts";

/** A page as HTML, and what its links need: checked when all pages are known. */
export interface RenderedPage {
  readonly path: string;
  readonly title: string;
  readonly html: string;
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
}

export interface Link {
  readonly from: string;
  /** As it is written. */
  readonly href: string;
  /** From the repository's root, without the anchor. */
  readonly path: string;
  readonly anchor: string | null;
}

/** Where a page stands in the site. */
export const addressOf = (path: string) =>
  path.replace(/(^|\/)README\.md$/, "$1index.html").replace(/\.md$/, ".html");

/** From one page of the site to another file of it. */
export function relativeTo(from: string, to: string): string {
  const [path = "", anchor] = to.split("#");
  const way =
    posix.relative(posix.dirname(addressOf(from)), addressOf(path)) || posix.basename(addressOf(path));
  return anchor === undefined ? way : `${way}#${anchor}`;
}

const isElsewhere = (href: string) => /^[a-z]+:/.test(href);

/** Markdown to HTML, with GitHub's anchors and links that lead to the pages of the site. */
export function renderPage({ path, text }: Page): RenderedPage {
  const anchors = new Set<string>();
  const links: Link[] = [];
  const marked = new Marked({ gfm: true });
  marked.use({
    walkTokens(token) {
      if (token.type !== "link" && token.type !== "image") return;
      if (isElsewhere(token.href)) return;
      const link = linkOf(path, token.href);
      links.push(link);
      token.href = relativeTo(path, link.anchor === null ? link.path : `${link.path}#${link.anchor}`);
    },
    renderer: {
      heading({ tokens, depth, text: words }: Tokens.Heading): string {
        const anchor = freeAnchor(words, anchors);
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
  });
  const html = marked.parse(text, { async: false });
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path;
  return { path, title: title.replaceAll("`", ""), html, anchors, links };
}

function linkOf(from: string, href: string): Link {
  const [to = "", anchor = null] = href.split("#");
  const path = to === "" ? from : posix.normalize(posix.join(posix.dirname(from), decodeURI(to)));
  return { from, href, path, anchor };
}

/** As GitHub makes them, so that a link works there and here. */
function freeAnchor(words: string, taken: Set<string>): string {
  const plain = words.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*`]/g, "");
  const name = plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
  let anchor = name;
  for (let count = 1; taken.has(anchor); count += 1) anchor = `${name}-${count}`;
  taken.add(anchor);
  return anchor;
}
