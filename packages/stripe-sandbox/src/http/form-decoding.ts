import { badRequest } from "../errors.ts";
import type { FormValue } from "./params.ts";

export type FormHash = { [name: string]: FormValue };

/** Deeper nesting than any Stripe parameter has. */
const MAXIMUM_DEPTH = 10;

function keySegments(key: string): string[] {
  const open = key.indexOf("[");
  if (open <= 0) return [key];
  const segments = [key.slice(0, open)];
  for (const match of key.slice(open).matchAll(/\[([^[\]]*)\]/g)) segments.push(match[1] ?? "");
  return segments;
}

/** A hash under construction: `a[]=x` takes the next free index. */
type Draft = Map<string, Draft | string>;

function insert(draft: Draft, segments: readonly string[], value: string, key: string): void {
  const [head = "", ...rest] = segments;
  const name = head === "" ? String(draft.size) : head;
  if (rest.length === 0) {
    draft.set(name, value);
    return;
  }
  const existing = draft.get(name);
  if (typeof existing === "string") throw badRequest(`Invalid ${key}: it is given as text and as a hash.`);
  const child: Draft = existing ?? new Map();
  draft.set(name, child);
  insert(child, rest, value, key);
}

/** `0, 1, 2 …` in any order make an array; everything else stays a hash. */
function settle(draft: Draft): FormValue {
  const entries = [...draft].map(([name, value]) => ({
    name,
    value: typeof value === "string" ? value : settle(value),
  }));
  const isArray = entries.length > 0 && entries.every(({ name }) => /^\d+$/.test(name));
  if (!isArray) return hash(entries);
  return entries.sort((a, b) => Number(a.name) - Number(b.name)).map(({ value }) => value);
}

function hash(entries: { name: string; value: FormValue }[]): FormHash {
  // defineProperty semantics: a parameter called __proto__ is just an unknown parameter.
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

/**
 * Decodes `application/x-www-form-urlencoded` text with nested (`metadata[a]=1`), indexed (`expand[0]=x`)
 * and appended (`expand[]=x`) names, brackets literal or percent-encoded. A repeated plain name: the last wins.
 * @throws SandboxError 400 for a name used both as text and as a hash, or nested too deep
 */
export function decodeForm(text: string): FormHash {
  const draft: Draft = new Map();
  for (const [key, value] of new URLSearchParams(text)) {
    const segments = keySegments(key);
    if (segments.length > MAXIMUM_DEPTH) throw badRequest(`Invalid ${key.slice(0, 40)}…: nested too deep.`);
    insert(draft, segments, value, key);
  }
  return hash(
    [...draft].map(([name, value]) => ({ name, value: typeof value === "string" ? value : settle(value) })),
  );
}

/** The same parameters give the same text, whatever their order. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalForm).join(",")}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalForm(entry)}`).join(",")}}`;
}
