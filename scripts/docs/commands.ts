import type { Page } from "./pages.ts";

/** A fenced block of commands. */
export interface Block {
  readonly page: string;
  /** As it stands in the page, without the fence. */
  readonly text: string;
  /** One line each: continued lines are joined, comments left out. */
  readonly commands: readonly string[];
}

const fence = /^( *)```(\w*)[^\n]*\n(.*?)^ *```/gms;
const inlineCode = /`([^`\n]+)`/g;
/** Blocks without a language count where their first word is a program's. */
const program = /^\s*([A-Z_]+=\S+ )*(npm|npx|node|docs\/|curl) ?/;

/** The blocks of a page that somebody would paste into a shell. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  for (const [, , language = "", content = ""] of text.matchAll(fence)) {
    const isShell = ["sh", "bash", "shell", "console"].includes(language);
    if (isShell || (language === "" && program.test(content))) {
      blocks.push({ page: path, text: content, commands: linesOf(content) });
    }
  }
  return blocks;
}

/** Commands within sentences and tables: `npm run …` and `redress …`. */
export function inlineCommandsOf({ text }: Page): string[] {
  const prose = text.replace(fence, "");
  return [...prose.matchAll(inlineCode)]
    .map(([, code = ""]) => code.trim())
    .filter((code) => /^([A-Z_]+=\S+ )*(npm run|npx vitest|redress) [\w<-]/.test(code));
}

function linesOf(content: string): string[] {
  return content
    .replace(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#\s.*$/, "").trim())
    .filter((line) => line !== "");
}

/** The words of a command, as a shell would split them; quotes are taken off. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_quoted, single, double) => single ?? double),
  );
}
