import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { exceptions, freeLicences } from "./licences.ts";

// Guarantee: `npm ci` installs exactly what was looked at, from whatever registry, and all of it may be passed on.
const root = fileURLToPath(new URL("../..", import.meta.url));
const packageShape = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().default(false),
  dev: z.boolean().default(false),
  inBundle: z.boolean().default(false),
  license: z.string().optional(),
});
const lockText = readFileSync(`${root}package-lock.json`, "utf8");
const { packages } = z.object({ packages: z.record(z.string(), packageShape) }).parse(JSON.parse(lockText));
const installed = Object.entries(packages)
  .filter(([path, { link }]) => path.includes("node_modules/") && !link)
  .map(([path, entry]) => ({ path, name: path.slice(path.lastIndexOf("node_modules/") + 13), ...entry }));

test("no registry is named: an installation takes its own", () => {
  expect(installed.filter(({ resolved }) => resolved !== undefined).map(({ path }) => path)).toEqual([]);
});

test("each package is held by a hash of its content", () => {
  const loose = installed.filter(
    ({ integrity, inBundle }) => !inBundle && !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""),
  );
  expect(loose.map(({ path }) => path)).toEqual([]);
});

test("each version that we name is exact", () => {
  const folders = ["", ...["packages", "apps", "examples"].flatMap(foldersIn)];
  expect(folders.length).toBeGreaterThan(8);
  expect(folders.flatMap(looseIn)).toEqual([]);
});

test("what production installs may be passed on, or was looked at", () => {
  const isAllowed = (name: string, licence: string) =>
    freeLicences.has(licence) ||
    exceptions.some((one) => name.startsWith(one.name) && one.licence === licence);
  const others = installed.filter(({ dev, name, license }) => !dev && !isAllowed(name, license ?? "none"));
  expect(others.map(({ path, license }) => `${path}: ${license ?? "none"}`)).toEqual([]);
});

test("each exception is still needed", () => {
  const idle = exceptions.filter(
    ({ name, licence }) =>
      !installed.some((one) => !one.dev && one.name.startsWith(name) && one.license === licence),
  );
  expect(idle).toEqual([]);
});

function foldersIn(parent: string): string[] {
  return readdirSync(`${root}${parent}`)
    .map((name) => `${parent}/${name}/`)
    .filter((folder) => existsSync(`${root}${folder}package.json`));
}

/** Peers are the app's own, and so a range. */
function looseIn(folder: string): string[] {
  const versions = z.record(z.string(), z.string()).default({});
  const { dependencies, devDependencies } = z
    .object({ dependencies: versions, devDependencies: versions })
    .parse(JSON.parse(readFileSync(`${root}${folder}package.json`, "utf8")));
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${folder}package.json: ${name} ${version}`);
}
