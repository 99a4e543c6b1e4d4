/** A page's path in the repository, or one that is made: with a name of its own. */
export type Entry = string | { readonly title: string; readonly to: string };

export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Made from the OpenAPI document and from the command line's own helps. */
export const apiReference = "api-reference.html";
export const cliReference = "cli-reference.html";

const given: readonly Section[] = [
  { title: "Quick start", entries: ["README.md"] },
  { title: "Concepts", entries: ["ARCHITECTURE.md", "docs/audit.md", "docs/screens/README.md"] },
  {
    title: "Connect an app",
    entries: [
      { title: "Connecting it", to: "docs/operators.md#connect-an-app" },
      "docs/app-developers.md",
      "packages/sdk/README.md",
      "examples/connected-app/README.md",
    ],
  },
  { title: "Policies", entries: ["docs/policy.md"] },
  { title: "Support", entries: ["docs/console.md", "docs/slack.md", "docs/helpdesk.md"] },
  { title: "Agents", entries: ["docs/agents.md", "packages/ai/README.md"] },
  { title: "API reference", entries: ["docs/rest.md", { title: "Every call", to: apiReference }] },
  { title: "CLI reference", entries: ["docs/cli.md", { title: "Every command", to: cliReference }] },
  {
    title: "Operations",
    entries: ["docs/operators.md", "docs/monitoring.md", "docs/backup.md", "docs/secrets.md"],
  },
  { title: "Security", entries: ["docs/security.md", "docs/access.md", "docs/asvs.md", "SECURITY.md"] },
  { title: "Performance", entries: ["docs/performance.md"] },
  {
    title: "Troubleshooting",
    entries: [
      { title: "When something is wrong", to: "docs/operators.md#when-something-is-wrong" },
      { title: "What the states mean", to: "docs/operators.md#what-the-states-mean" },
      { title: "Alerts", to: "docs/operators.md#alerts" },
    ],
  },
  {
    title: "How the sandbox works",
    entries: ["packages/stripe-sandbox/README.md", "packages/stripe-sandbox/contract/README.md"],
  },
  {
    title: "How it is proved",
    entries: ["simulation/README.md", "docs/model/README.md", "docs/mutation.md"],
  },
  { title: "Contributing", entries: ["CONTRIBUTING.md", "CHANGELOG.md"] },
];

/** Where a page goes that no section names: a new file in `docs/` needs no line here. */
const rest = "Operations";

/** The side bar, with every page in it once. */
export function sectionsOf(paths: readonly string[]): Section[] {
  const named = new Set(given.flatMap(({ entries }) => entries));
  const others = paths.filter((path) => !named.has(path));
  return given.map(({ title, entries }) => ({
    title,
    entries: title === rest ? [...entries, ...others] : entries,
  }));
}
