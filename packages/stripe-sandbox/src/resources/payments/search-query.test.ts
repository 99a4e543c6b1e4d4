import fc from "fast-check";
import { expect, test } from "vitest";
import { SandboxError } from "../../errors.ts";
import { parseSearchQuery } from "./search-query.ts";

// Guards: Stripe's documented forms are read as documented.
test.each([
  ['status:"succeeded"', { field: "status", key: null, comparison: ":", value: "succeeded", negated: false }],
  ["amount>=1000", { field: "amount", key: null, comparison: ">=", value: "1000", negated: false }],
  [
    `-metadata['order "7"']:'a\\'b'`,
    { field: "metadata", key: 'order "7"', comparison: ":", value: "a'b", negated: true },
  ],
  ["customer:null", { field: "customer", key: null, comparison: ":", value: null, negated: false }],
  ['customer:"null"', { field: "customer", key: null, comparison: ":", value: "null", negated: false }],
])("%s", (query, clause) => {
  expect(parseSearchQuery(query)).toEqual({ clauses: [clause], joined: "and" });
});

// Guards: joining words, and the refusal to mix them.
test("clauses are joined by AND, by a blank, or by OR", () => {
  expect(parseSearchQuery('amount>1 AND currency:"eur"').joined).toBe("and");
  expect(parseSearchQuery('amount>1 currency:"eur"').clauses).toHaveLength(2);
  expect(parseSearchQuery('amount>1 or currency:"eur"').joined).toBe("or");
  expect(() => parseSearchQuery("amount>1 AND amount<5 OR amount:9")).toThrow("cannot mix");
  expect(() => parseSearchQuery(Array(11).fill("amount>1").join(" AND "))).toThrow("up to 10");
});

// Guards: metadata values come back whatever they contain, and no text crashes the parser.
test("any text is either read or refused", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, value) => {
      const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
      const { clauses } = parseSearchQuery(`metadata[${quote(key)}]:${quote(value)}`);
      expect(clauses).toEqual([{ field: "metadata", key, comparison: ":", value, negated: false }]);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (query) => {
      try {
        expect(parseSearchQuery(query).clauses.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(SandboxError);
      }
    }),
  );
});
