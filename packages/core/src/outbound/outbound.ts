import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, buildConnector, type Dispatcher, request } from "undici";
import type { Outbound } from "../dependencies.ts";
import { OutboundError } from "./errors.ts";

/** Finds all addresses of a name. */
export type FindAddresses = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * HTTP to addresses that apps chose. What is checked is the address that the connection is made to, and
 * not the name before it, which may answer differently the second time. Redirects are never followed.
 *
 * @param options.allowPrivateAddresses for an installation whose apps live in its own network
 */
export function createOutbound(options: {
  allowPrivateAddresses: boolean;
  findAddresses?: FindAddresses;
}): Outbound {
  const agent = new Agent({ connect: guardedConnector(options), keepAliveTimeout: 1_000 });
  return {
    async post({ url, headers, body, timeoutMs, maximumBytes }) {
      const target = parseTarget(url);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(target, { dispatcher: agent, method: "POST", headers, body, signal });
        return {
          status: answer.statusCode,
          headers: singleHeaders(answer.headers),
          body: await readStart(answer.body, maximumBytes),
        };
      } catch (error) {
        throw explain(error, target, signal.aborted);
      }
    },
  };
}

/** All IPv6 addresses that are given out (RFC 4291, 2.4); below them are old ways to write IPv4 ones, such as ::7f00:1. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
/** A public address that answers inside Azure only, with the machine's own configuration. */
const azurePlatform = "168.63.129.16";

/** Whether anybody on the internet could reach this address. A mapped address counts as what it maps to. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  if (read.range() !== "unicast") return false;
  return read.kind() === "ipv4" ? address !== azurePlatform : read.match(globalUnicast);
}

function guardedConnector(options: {
  allowPrivateAddresses: boolean;
  findAddresses?: FindAddresses;
}): buildConnector.connector {
  if (options.allowPrivateAddresses) return buildConnector({ timeout: 10_000 });
  const findAddresses: FindAddresses =
    options.findAddresses ?? ((hostname, done) => systemLookup(hostname, { all: true }, done));
  // Called for names only; one address that is not public condemns the name.
  const lookup: LookupFunction = (hostname, wanted, callback) => {
    findAddresses(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? nameNotFound(hostname), [], 0);
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(addressRefused(hostname), [], 0);
      }
      if (wanted.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ timeout: 10_000, lookup, port: 0 });
  return (target, callback) => {
    const literal = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && !isPublicAddress(literal)) callback(addressRefused(literal), null);
    else connect(target, callback);
  };
}

function parseTarget(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !/^https?:$/.test(target.protocol) || target.username !== "" || target.password !== "") {
    throw new OutboundError(
      "url_invalid",
      "The URL must start with https:// or http:// and hold no password.",
    );
  }
  return target;
}

async function readStart(body: Dispatcher.ResponseData["body"], maximumBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early ends the connection: the rest is not read.
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= maximumBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maximumBytes).toString("utf8");
}

function singleHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), String(value)]],
    ),
  );
}

function addressRefused(host: string): OutboundError {
  return new OutboundError(
    "address_refused",
    `${host} is not a public address. Use one that is, or allow private ones with REDRESS_ALLOW_PRIVATE_NOTIFICATION_URLS=true.`,
  );
}

function nameNotFound(host: string): OutboundError {
  return new OutboundError("name_not_found", `The name ${host} has no address. Check the URL.`);
}

function explain(error: unknown, target: URL, timedOut: boolean): OutboundError {
  if (error instanceof OutboundError) return error;
  if (timedOut) return new OutboundError("timeout", `${target.host} did not answer in time.`, error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return nameNotFound(target.hostname);
  const reason = code === "" ? "" : ` (${code})`;
  return new OutboundError("connection_failed", `The connection to ${target.host} failed${reason}.`, error);
}
