import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigurationError, readConfiguration } from "@redress/core/configuration";
import { describe, expect, it } from "vitest";
import { z } from "zod";

// What nobody builds here must not rot: the files of deploy/ hold against the program that they start.
const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, "utf8");
const dockerfile = read("deploy/docker/Dockerfile");
const compose = read("deploy/docker/compose.yaml");
const unit = read("deploy/systemd/redress.service");
const manifest = z
  .object({
    engines: z.object({ node: z.string() }),
    scripts: z.record(z.string(), z.string()),
    workspaces: z.array(z.string()),
    dependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read("package.json")));

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, group = ""]) => group);
const unitValue = (name: string) => found(unit, new RegExp(`^${name}=(.*)$`, "gm"))[0] ?? "";
/** How long `npm start` takes to stop, at most. */
const patienceSeconds =
  Number(found(read("scripts/shutdown.ts"), /patienceMs = ([\d_]+)/g)[0]?.replace("_", "")) / 1_000;

/** `.env.example`, each value that is left to the reader filled in as they would. */
function filledIn(): Record<string, string> {
  const values: Record<string, string> = {
    STRIPE_SECRET_KEY: "sk_live_platform",
    STRIPE_PUBLISHABLE_KEY: "pk_live_platform",
    STRIPE_CONNECT_CLIENT_ID: "ca_platform",
    STRIPE_WEBHOOK_SECRET: "whsec_platform",
    STRIPE_CONNECT_WEBHOOK_SECRET: "whsec_connect",
  };
  const optional = /^(SMTP_|MAIL_|SLACK_|REDRESS_METRICS)/;
  const lines = read("deploy/docker/.env.example").matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = "", value = ""]) => [
      name,
      value || (values[name] ?? (optional.test(name) ? "" : "00ff".repeat(16))),
    ]),
  );
}

/** What compose adds to the desk's environment. */
function addedByCompose(given: Record<string, string>): Record<string, string> {
  const service = compose.slice(compose.indexOf("\n  redress:"), compose.indexOf("\n  postgres:"));
  const lines = service.matchAll(/^ {6}([A-Z_]+): (.*)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll('"', "").replace(/\$\{([A-Z_]+):\?\}/g, (_, other: string) => given[other] ?? ""),
    ]),
  );
}

describe("the image", () => {
  it("copies what is there, every workspace among it, and sends it to the builder", () => {
    const sources = found(dockerfile, /^COPY (?!--from)(.*) \S+$/gm).flatMap((line) => line.split(" "));
    expect(sources.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    const sent = found(read("deploy/docker/Dockerfile.dockerignore"), /^!(.*)$/gm);
    expect(sources.filter((path) => !sent.includes(path.split("/", 1)[0] ?? ""))).toEqual([]);
    const workspaces = manifest.workspaces.flatMap((pattern) => {
      const folder = pattern.replace("/*", "");
      return readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`);
    });
    const copied = (path: string) => sources.some((source) => `${path}/`.startsWith(`${source}/`));
    expect(workspaces.filter((path) => !copied(path))).toEqual([]);
  });

  it("has one Node, which the engines allow", () => {
    const versions = found(dockerfile, /^FROM node:(\d+)-\S+/gm).map(Number);
    expect(new Set(versions).size).toBe(1);
    expect(versions[0]).toBeGreaterThan(Number(found(manifest.engines.node, /^>=(\d+)\./g)[0]));
  });

  it("runs commands that are there, and what `npm start` runs, without development's packages", () => {
    const scripts = found(dockerfile, /npm run (\S+)/g);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const command = z.array(z.string()).parse(JSON.parse(found(dockerfile, /^CMD (\[.*\])$/gm)[0] ?? "[]"));
    expect(command.join(" ")).toBe(manifest.scripts.start);
    expect(existsSync(`${root}${command.at(-1)}`)).toBe(true);
    // `npm prune --omit=dev` leaves it only where it belongs to what runs.
    expect(manifest.dependencies).toHaveProperty("tsx");
  });

  it("runs as nobody's administrator, and asks for readiness where it is answered", () => {
    expect(found(dockerfile, /^USER (.*)$/gm)).toEqual(["node"]);
    const [path = "nothing"] = found(dockerfile, /PORT}(\/\S+?)`/g);
    expect(existsSync(`${root}apps/web/app${path}/route.ts`)).toBe(true);
  });
});

describe("compose", () => {
  it("gives the desk a configuration that it starts with, in production and on Inngest", () => {
    const given = filledIn();
    const configuration = readConfiguration({ NODE_ENV: "production", ...given, ...addedByCompose(given) });
    expect(configuration).toMatchObject({
      mode: "live",
      production: true,
      databaseUrl: `postgres://redress:${given.REDRESS_POSTGRES_PASSWORD}@postgres:5432/redress`,
      inngest: { baseUrl: "http://inngest:8288" },
      auditAnchorDirectory: "/var/lib/redress/anchors",
    });
  });

  it("asks for every variable without which the desk does not start in production", () => {
    const problems = (() => {
      try {
        readConfiguration({ NODE_ENV: "production" });
        return [];
      } catch (error) {
        return error instanceof ConfigurationError ? error.problems : [];
      }
    })();
    expect(problems.length).toBeGreaterThan(5);
    const asked = Object.keys(filledIn());
    expect(problems.map(({ variable }) => variable).filter((name) => !asked.includes(name))).toEqual([]);
    expect(found(compose, /\$\{([A-Z_]+)/g).filter((name) => !asked.includes(name))).toEqual([]);
  });

  it("names variables of the desk and of its neighbours only", () => {
    const table = found(read("docs/operators.md"), /^\| (`[A-Z_`, ]+`) \|/gm).join();
    const neighbours = /POSTGRES_PASSWORD$/;
    const named = [...Object.keys(filledIn()), ...Object.keys(addedByCompose({}))];
    expect(named.filter((name) => !table.includes(`\`${name}\``) && !neighbours.test(name))).toEqual([]);
  });

  it("lets the desk write to its volume and /tmp alone, and finish before it is killed", () => {
    expect(compose).toContain("read_only: true\n    tmpfs: [/tmp]");
    const [volume = ""] = found(compose, /"anchors:(\S+)"/g);
    expect(dockerfile).toContain(`mkdir -p ${volume}`);
    expect(Number(found(compose, /stop_grace_period: (\d+)s/g)[0])).toBeGreaterThan(patienceSeconds);
  });
});

describe("the systemd unit", () => {
  it("starts what `npm start` starts, and lets it finish before it is killed", () => {
    expect(unitValue("ExecStart")).toBe(`/usr/bin/env ${manifest.scripts.start}`);
    expect(unitValue("KillMode")).toBe("mixed");
    expect(Number(unitValue("TimeoutStopSec"))).toBeGreaterThan(patienceSeconds);
  });

  it("lets it write to its own folder alone", () => {
    expect(unitValue("ProtectSystem")).toBe("strict");
    expect(unit).not.toContain("ReadWritePaths");
    expect(unitValue("Environment")).toContain(`AUDIT_ANCHOR_DIR=/var/lib/${unitValue("StateDirectory")}`);
  });
});
