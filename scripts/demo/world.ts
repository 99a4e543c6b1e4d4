import { join } from "node:path";
import { createLogger } from "@redress/core/logger";
import { type ShopServer, startShop } from "@redress/example-connected-app";
import { type Sandbox, startSandbox } from "@redress/stripe-sandbox";
import { startServer } from "@redress/web/server";
import pg from "pg";
import { buildWeb } from "../build-web.ts";
import { type FreePort, holdPort } from "../free-port.ts";
import { sandboxEnvironment, stripeVariables } from "../sandbox-environment.ts";
import { openDemoDatabase } from "./database.ts";
import { type DemoApp, demoApps, seedAccounts } from "./seed.ts";

type Redress = Awaited<ReturnType<typeof startServer>>;

/** Everything that the demo runs: a database, a local Stripe, Redress, and (once connected) the shops. */
export interface World {
  readonly redress: Redress;
  readonly sandbox: Sandbox;
  readonly apps: readonly DemoApp[];
  /** A reader beside Redress, to look at the rows themselves. */
  readonly database: pg.Pool;
  readonly connectionString: string;
  openShop(app: DemoApp, secret: string): Promise<ShopServer>;
  close(): Promise<void>;
}

const folder = ".redress/demo";

export interface WorldOptions {
  readonly say: (line: string) => void;
  /** An empty database, instead of a fresh one on the embedded server. */
  readonly connectionString?: string;
  /** Any free ports, instead of the ones that are easy to remember. */
  readonly anyPorts?: boolean;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const { say } = options;
  const ignored = stripeVariables.filter((name) => process.env[name] !== undefined);
  if (ignored.length > 0) say(`Ignoring ${ignored.join(", ")}: the demo talks to its own sandbox only.`);

  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await assemble(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  options: WorldOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<World> {
  const { say } = options;
  const holdFor = (who: string, preferred: number) => holdPortFor(say, who, options.anyPorts ? 0 : preferred);
  const choosePort = async (who: string, preferred: number) => {
    const held = await holdFor(who, preferred);
    await held.release();
    return held.port;
  };
  const [connectionString] = await Promise.all([
    options.connectionString ?? startDatabase(closers),
    buildWeb(say),
  ]);
  const database = new pg.Pool({ connectionString, max: 2 });
  // `end` does not wait until its connections are closed, and the server may end them first.
  database.on("error", () => {});
  closers.push(() => database.end());

  const sandbox = await startSandbox({ port: await choosePort("The sandbox", 4010) });
  closers.push(() => sandbox.close());
  const accounts = await seedAccounts(sandbox);

  const port = await choosePort("Redress", 3000);
  const url = `http://127.0.0.1:${port}`;
  const env = { ...(await sandboxEnvironment(sandbox, url)), DATABASE_URL: connectionString };
  const logger = createLogger({ file: join(folder, "redress.log") });
  const redress = await startServer({
    logger,
    env: { PATH: process.env.PATH ?? "", ...env },
    port,
    dev: false,
  });
  closers.push(() => redress.close());

  const shopPorts = new Map<string, FreePort>();
  const openShop = async (app: DemoApp, secret: string) => {
    const account = accounts.get(app.slug);
    if (account === undefined) throw new Error(`${app.slug} has no account.`);
    await shopPorts.get(app.slug)?.release();
    const shop = await startShop({
      name: app.name,
      port: app.shopPort,
      stripeSecretKey: account.secretKey,
      stripeApiOrigin: sandbox.origin,
      redressUrl: redress.url,
      redressApp: app.slug,
      redressSecret: secret,
    });
    closers.push(() => shop.close());
    return shop;
  };

  const apps: DemoApp[] = [];
  for (const app of demoApps) {
    const accountId = accounts.get(app.slug)?.id;
    if (accountId === undefined) throw new Error(`${app.slug} has no account.`);
    // Held until the shop opens: its address is told to Redress before that.
    const held = await holdFor(app.name, app.shopPort);
    closers.push(() => held.release());
    shopPorts.set(app.slug, held);
    apps.push({ ...app, accountId, shopPort: held.port });
  }
  return { redress, sandbox, apps, database, connectionString, openShop, close };
}

async function startDatabase(closers: (() => Promise<unknown>)[]): Promise<string> {
  const opened = await openDemoDatabase();
  closers.push(() => opened.close());
  return opened.connectionString;
}

async function holdPortFor(say: (line: string) => void, who: string, preferred: number): Promise<FreePort> {
  const held = await holdPort(preferred);
  if (held.taken) say(`Port ${preferred} is taken: ${who} uses ${held.port}.`);
  return held;
}
