import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownPath } from "./own-path.ts";

// What follows a sign-in stands in an address that anybody may have written (open redirect).
const desk = "https://refunds.example.com";

describe("where a sign-in leads to", () => {
  it.each(["/", "/refunds?status=awaiting_approval", "/purchases/pur_1#refunds", "/sign-in?next=%2F%2Fevil"])(
    "may be %j",
    (path) => {
      expect(ownPath.parse(path)).toBe(path);
    },
  );

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "refunds",
    "",
    undefined,
  ])("is the first page instead of %j", (path) => {
    expect(ownPath.parse(path)).toBe("/");
  });

  it("is on this desk, whatever was written", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("/", "\\", "//", "\t", "\r\n", "@", ":", "evil.example", "https:"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = ownPath.parse(parts.join(""));
        expect(new URL(path, desk).origin).toBe(desk);
      }),
      { seed: 8 },
    );
  });
});
