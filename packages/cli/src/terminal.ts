interface Stream {
  write(text: string): unknown;
}

/** Where a command speaks: results to `out`, progress and trouble to `err`. */
export interface Terminal {
  readonly out: Stream;
  readonly err: Stream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Asks the person who sits there; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
  /** Reads a secret: what is typed without showing it, or all of standard input where nobody types. */
  readonly readSecret?: (question: string) => Promise<string>;
}

export interface Progress {
  /** @param share of the whole, from 0 to 1 @param facts e.g. `refunds 1,200` */
  show(share: number, facts: string): void;
  /** A line of its own, e.g. about a pause. */
  say(line: string): void;
  end(): void;
}

const barWidth = 24;
const clearLine = "\r\u001b[K";

/** A bar that moves on a terminal; elsewhere a line for each tenth. */
export function createProgress({ err }: Pick<Terminal, "err">, title: string): Progress {
  return err.isTTY ? movingBar(err, title) : plainLines(err, title);
}

function movingBar(err: Terminal["err"], title: string): Progress {
  let drawn = "";
  const draw = () => err.write(clearLine + drawn.slice(0, Math.max(20, (err.columns || 80) - 1)));
  return {
    show(share, facts) {
      const filled = Math.round(share * barWidth);
      const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
      drawn = `${title} ${bar} ${percent(share)}  ${facts}`;
      draw();
    },
    say(line) {
      err.write(`${clearLine}${line}\n`);
      draw();
    },
    end: () => void err.write(clearLine),
  };
}

function plainLines(err: Terminal["err"], title: string): Progress {
  let tenth = -1;
  return {
    show(share, facts) {
      const reached = Math.floor(share * 10);
      if (reached <= tenth) return;
      tenth = reached;
      err.write(`${title} ${percent(share)}  ${facts}\n`);
    },
    say: (line) => void err.write(`${line}\n`),
    end() {},
  };
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

const whole = new Intl.NumberFormat("en-US");

/** `1,200 refunds`, `1 refund`. */
export function counted(count: number, noun: string): string {
  return `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
