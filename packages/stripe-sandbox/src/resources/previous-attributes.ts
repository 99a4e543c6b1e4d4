/**
 * `data.previous_attributes`: the old value of each member that changed. Inside hashes only what changed is
 * named; a member that did not exist before is null. Arrays are given whole.
 */
export function previousAttributes(before: object, after: object): Record<string, unknown> {
  const old = new Map<string, unknown>(Object.entries(before));
  const current = new Map<string, unknown>(Object.entries(after));
  const changed: Record<string, unknown> = {};
  for (const name of new Set([...old.keys(), ...current.keys()])) {
    const was = old.get(name) ?? null;
    const is = current.get(name) ?? null;
    if (isHash(was) && isHash(is)) {
      const inner = previousAttributes(was, is);
      if (Object.keys(inner).length > 0) changed[name] = inner;
    } else if (JSON.stringify(was) !== JSON.stringify(is)) changed[name] = was;
  }
  return changed;
}

function isHash(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
