/** Licences under which anybody may run, change and pass on the desk with these packages in it. */
export const freeLicences: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
  "(Apache-2.0 AND BSD-3-Clause)",
  "(MIT OR CC0-1.0)",
]);

export interface Exception {
  /** What the package's name begins with. */
  readonly name: string;
  readonly licence: string;
  readonly why: string;
}

const apart = "Next.js loads it as a library of its own, for images, which the console has none of";

/** Others, each looked at by a person. */
export const exceptions: readonly Exception[] = [
  { name: "@img/sharp-", licence: "LGPL-3.0-or-later", why: apart },
  { name: "@img/sharp-", licence: "Apache-2.0 AND LGPL-3.0-or-later", why: apart },
  { name: "@img/sharp-", licence: "Apache-2.0 AND LGPL-3.0-or-later AND MIT", why: apart },
  {
    name: "lightningcss",
    licence: "MPL-2.0",
    why: "it makes the style sheet at build time, unchanged; what it makes is ours",
  },
  { name: "caniuse-lite", licence: "CC-BY-4.0", why: "data, used at build time" },
];
