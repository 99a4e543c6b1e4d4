import { readFile } from "node:fs/promises";
import type { Outlook } from "@redress/core/embed/read-panel";
import type { RefundPolicyAnswer } from "@redress/core/tools/refund-policy";
import { describe, expect, it } from "vitest";
import { embedPage, refusalBody } from "./document.ts";
import { html } from "./html.ts";
import { signingSnippet } from "./signing-snippet.ts";
import { embedStyle } from "./style.ts";
import { verdictLine } from "./verdict.ts";

// What the panel is made of, without a server; with one it is tested in embed.test.ts.
const settings = { publicUrl: "https://refunds.example.com", mode: "live" } as const;

describe("what other people wrote", () => {
  it("is text in the panel, in elements and in attributes", () => {
    const hostile = `"><script>alert('x')</script>&amp;`;
    const { text } = html`<p title="${hostile}">${hostile}</p>`;
    const safe = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;";
    expect(text).toBe(`<p title="${safe}">${safe}</p>`);
  });
});

describe("a page for a helpdesk's frame", () => {
  it("is framed by the sites that the key names and by no other, runs nothing, and names itself to nobody", () => {
    const origins = ["https://a.example.com", "https://b.example.com"];
    const { headers } = embedPage(refusalBody("No."), { status: 401, origins, settings });
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[A-Za-z0-9+/]{43}='$/),
      "form-action https://refunds.example.com",
      "base-uri 'none'",
      "frame-ancestors https://a.example.com https://b.example.com",
    ]);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.getSetCookie()).toEqual([]);
  });

  it("is framed by nobody where nothing says which key it is of", () => {
    const { headers } = embedPage(refusalBody("No."), { status: 401, origins: [], settings });
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("has the colours of the console", async () => {
    const console = await readFile(new URL("../../app/globals.css", import.meta.url), "utf8");
    const tokens = embedStyle.match(/--[\w-]+: light-dark\([^;]+;/g) ?? [];
    expect(tokens.length).toBeGreaterThan(15);
    expect(tokens.filter((token) => !console.includes(token))).toEqual([]);
  });
});

describe("the verdict of a full refund", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const policy: RefundPolicyAnswer = {
    ...{ purchaseId: "pur_1", amount: 2900, currency: "eur", amountLeft: 2900, verdict: "allow", why: null },
    ...{ blocked: null, applicationFee: null, message: "" },
  };
  const line = (changes: Partial<RefundPolicyAnswer>, mayAsk = true) => {
    const outlook: Outlook = { kind: "judged", policy: { ...policy, ...changes }, mayAsk };
    const { text, isOpen } = verdictLine(outlook, now);
    return [text, isOpen];
  };

  it.each<[string, boolean, Partial<RefundPolicyAnswer>]>([
    ["Allowed without approval", true, {}],
    ["Allowed without approval until 3 December", true, { until: new Date("2026-12-03T10:00:00Z") }],
    ["Allowed without approval until 3 January 2027", true, { until: new Date("2027-01-03T10:00:00Z") }],
    ["Needs one approver", true, { verdict: "ask", approvers: 1, role: "approver" }],
    ["Needs two admins", true, { verdict: "ask", approvers: 2, role: "admin" }],
    ["Refused because: Too old.", false, { verdict: "refuse", reason: "Too old." }],
    ["Stopped.", false, { blocked: { code: "refunds_stopped", explanation: "Stopped." } }],
  ])("%s", (text, isOpen, changes) => {
    expect(line(changes)).toEqual([text, isOpen]);
  });

  it("offers no button to who may only look, and none where nothing can be asked for", () => {
    expect(line({}, false)).toEqual(["Allowed without approval", false]);
    expect(verdictLine({ kind: "none", why: "All of it was refunded." }, now)).toEqual({
      tone: "quiet",
      text: "All of it was refunded.",
      isOpen: false,
    });
  });
});

it("docs/helpdesk.md has the code that signs, as it is tested", async () => {
  const page = await readFile(new URL("../../../../docs/helpdesk.md", import.meta.url), "utf8");
  expect(page).toContain(signingSnippet);
});
