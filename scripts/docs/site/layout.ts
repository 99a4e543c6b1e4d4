import { relativeTo } from "./render-page.ts";
import type { Section } from "./sections.ts";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

/** One file for all pages. */
export const styleSheet = `
:root { color-scheme: light dark; background: light-dark(#fff, #0e0f12); color: light-dark(#17171c, #ececf0); }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { padding: 1.5rem; font-size: .9rem; border-right: 1px solid light-dark(#ddd, #333); position: sticky; top: 0; height: 100vh; overflow-y: auto; box-sizing: border-box; }
nav h2 { font-size: .8rem; margin: 1.25rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
main { padding: 1.5rem 2rem 4rem; max-width: 54rem; overflow-wrap: anywhere; }
a { color: light-dark(#2450d3, #86a8ff); }
nav a { text-decoration: none; }
[aria-current] { font-weight: 600; }
img { max-width: 100%; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { overflow-wrap: normal; border: 1px solid light-dark(#ddd, #333); padding: .3rem .6rem; text-align: left; vertical-align: top; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: light-dark(#f5f5f7, #18191d); }
blockquote { margin-inline: 0; padding-left: 1rem; border-left: 3px solid; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } }
`;

export interface Side {
  readonly sections: readonly Section[];
  readonly titleOf: (path: string) => string;
}

/** A whole page, with the side bar and without a script. */
export function layOut(path: string, title: string, content: string, side: Side): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}${title === "Redress" ? "" : " · Redress"}</title>
<link rel="stylesheet" href="${relativeTo(path, "style.css")}">
</head>
<body>
<nav aria-label="Pages">
${side.sections.map((section) => sectionHtml(path, section, side)).join("\n")}
</nav>
<main>
${content}
</main>
</body>
</html>
`;
}

function sectionHtml(path: string, { title, entries }: Section, { titleOf }: Side): string {
  const items = entries.map((entry) => {
    const { to, title: name } = typeof entry === "string" ? { to: entry, title: titleOf(entry) } : entry;
    const here = to === path ? ' aria-current="page"' : "";
    return `<li><a href="${relativeTo(path, to)}"${here}>${escapeHtml(name)}</a></li>`;
  });
  return `<h2>${escapeHtml(title)}</h2>\n<ul>${items.join("")}</ul>`;
}
