/** The design of the console, for a column of 300 pixels and without its scripts. The colours are globals.css's. */
export const embedStyle = `
:root {
  color-scheme: light dark;
  --canvas: light-dark(#f8f8fa, #0e0f12);
  --surface: light-dark(#ffffff, #16171b);
  --sunken: light-dark(#f2f2f5, #1c1d22);
  --line: light-dark(#e5e5ea, #282930);
  --line-strong: light-dark(#cfcfd8, #3d3e48);
  --ink: light-dark(#17171c, #ececf0);
  --ink-soft: light-dark(#4f4f5a, #abacb6);
  --ink-faint: light-dark(#6b6b77, #8b8c97);
  --accent: light-dark(#2450d3, #86a8ff);
  --accent-strong: light-dark(#1b3fae, #a4bdff);
  --on-accent: light-dark(#ffffff, #0c1430);
  --good: light-dark(#0b6b43, #59cf9b);
  --good-tint: light-dark(#e6f6ee, #10291f);
  --waiting: light-dark(#8a5200, #eab25c);
  --waiting-tint: light-dark(#fdf3e0, #2e2412);
  --bad: light-dark(#b3261e, #ff8f85);
  --bad-tint: light-dark(#fdeceb, #361816);
  --moving: light-dark(#2450d3, #86a8ff);
  --moving-tint: light-dark(#edf2ff, #1b2440);
  --quiet: light-dark(#5c5c68, #a0a1ac);
  --quiet-tint: light-dark(#f0f0f3, #23242a);
}
* { box-sizing: border-box; }
body { margin: 0; padding: 12px; background: var(--canvas); color: var(--ink); overflow-wrap: anywhere;
  font: 14px/1.45 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 14px; margin: 0; }
p { margin: 0; }
header { margin-bottom: 10px; }
ul { margin: 0; padding: 0; list-style: none; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 12px; margin-bottom: 10px;
  display: grid; gap: 8px; }
.soft { color: var(--ink-soft); font-size: 13px; }
.faint { color: var(--ink-faint); font-size: 12px; }
.verdict, .mark { border-radius: 6px; padding: 4px 8px; font-size: 13px; font-weight: 600; }
.mark { font-size: 12px; font-weight: 500; padding: 1px 6px; }
.good { color: var(--good); background: var(--good-tint); }
.waiting { color: var(--waiting); background: var(--waiting-tint); }
.bad { color: var(--bad); background: var(--bad-tint); }
.moving { color: var(--moving); background: var(--moving-tint); }
.quiet { color: var(--quiet); background: var(--quiet-tint); }
.row { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; justify-content: space-between; }
.numeric { font-variant-numeric: tabular-nums; }
form { display: grid; gap: 8px; }
label { display: grid; gap: 4px; font-size: 13px; font-weight: 500; }
input, select, textarea { width: 100%; font: inherit; color: var(--ink); background: var(--surface);
  border: 1px solid var(--line-strong); border-radius: 6px; padding: 6px 10px; }
textarea { min-height: 56px; }
button { font: inherit; font-weight: 500; min-height: 34px; padding: 6px 12px; border-radius: 6px; cursor: pointer;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line-strong); }
button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
button.primary:hover { background: var(--accent-strong); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
