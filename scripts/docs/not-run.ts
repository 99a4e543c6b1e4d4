/** Why blocks and commands are not run by `blocks.test.ts`; their words are held against the real readers all the same. */
interface NotRun {
  readonly page: string;
  /** What the command begins with. */
  readonly command: string;
  readonly why: string;
}

const whole = "it is the whole check or a whole demonstration: .ci/run runs it";
const long = "it takes minutes or hours, and only shows figures of the machine";
const packed = "it makes and installs tarballs: package.test.ts of the package does";

/** Each has to stand in its page still, if the page is there. */
export const notRun: readonly NotRun[] = [
  { page: "README.md", command: "npm ci && npm run demo", why: whole },
  { page: "README.md", command: "npm ci && npm test", why: whole },
  ...["npm ci", "npm run check", "npm test", "npm run demo"].map((command) => {
    return { page: "CONTRIBUTING.md", command, why: whole };
  }),
  { page: "docs/model/README.md", command: "npm run model", why: whole },
  { page: "docs/model/README.md", command: "docs/model/check --keep", why: whole },
  ...["webhooks", "workflows", "refunds", "import", "search", "pages", "soak"].map((name) => {
    return { page: "docs/performance.md", command: `npm run bench -- ${name}`, why: long };
  }),
  {
    page: "docs/operators.md",
    command: "stripe listen",
    why: "it needs Stripe's own program and an account of theirs",
  },
  {
    page: "docs/cli.md",
    command: "npm run --silent redress -- bulk show blk_… --watch",
    why: "it waits for a person: remote.test.ts of the command line decides beside it",
  },
  {
    page: "examples/connected-app/README.md",
    command: "STRIPE_SECRET_KEY=",
    why: "it runs until it is stopped: npm run demo starts two of them",
  },
  { page: "packages/sdk/README.md", command: "", why: packed },
  {
    page: "packages/stripe-sandbox/README.md",
    command: "npm run build -w @redress/stripe-sandbox",
    why: packed,
  },
  { page: "packages/stripe-sandbox/README.md", command: "npm install ./redress-stripe-sandbox", why: packed },
  {
    page: "packages/stripe-sandbox/README.md",
    command: "npm run sandbox",
    why: "it runs until it is stopped: its cli tests start it",
  },
  {
    page: "packages/stripe-sandbox/contract/README.md",
    command: "npx vitest run",
    why: "npm test runs it",
  },
  {
    page: "packages/stripe-sandbox/contract/README.md",
    command: "STRIPE_TEST_KEY=",
    why: "it needs an account of Stripe's",
  },
  ...["cp deploy", "chmod", "docker", "useradd", "git", "npm", "install", "systemctl"].map((command) => {
    return { page: "docs/deploy.md", command, why: "it changes a machine: users, services, containers" };
  }),
  { page: "packages/cli/README.md", command: "npm run build -w @redress/cli", why: packed },
  { page: "packages/cli/README.md", command: "npm install --global", why: packed },
  { page: "simulation/README.md", command: "npm run crashes", why: long },
];
