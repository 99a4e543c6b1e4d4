import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readPages, repository } from "./pages.ts";
import { makeSite } from "./site/make-site.ts";

/** `npm run docs`: the documentation as a static site in `site/`; any web server or a browser shows it. */
const folder = join(repository, "site");
const started = performance.now();
const { files, copied, deadLinks } = makeSite({
  pages: readPages(),
  openApi: JSON.parse(readFileSync(join(repository, "apps/web/src/openapi/openapi.json"), "utf8")),
  hasFile: (path) => statSync(join(repository, path), { throwIfNoEntry: false })?.isFile() ?? false,
});
if (deadLinks.length > 0) {
  process.stderr.write(`${deadLinks.join("\n")}\n${deadLinks.length} dead links; nothing was written.\n`);
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
for (const path of copied) cpSync(join(repository, path), join(folder, path));
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${files.size} files and ${copied.size} copied, in ${seconds} s: site/index.html\n`);
