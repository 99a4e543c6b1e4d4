import { setTimeout as pause } from "node:timers/promises";
import { SandboxError } from "../errors.ts";
import type { FaultTarget } from "../faults/faults.ts";
import { readKey } from "../http/authenticate.ts";
import { type HttpOutcome, type HttpRequest, type HttpResponse, jsonResponse } from "../http/message.ts";
import { rateLimited } from "../http/rate-limit.ts";
import type { System } from "../system.ts";
import { decide, showConsent } from "./authorize.ts";
import { deauthorize, issueToken } from "./token.ts";

type Endpoint = (system: System, request: HttpRequest) => HttpResponse;

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /oauth/authorize": showConsent,
  "POST /oauth/authorize/decision": decide,
  "POST /oauth/token": issueToken,
  "POST /oauth/deauthorize": deauthorize,
};

/** `/oauth/*`: the pages and endpoints of connect.stripe.com. Faults strike here too; keys are ignored. */
export class OAuthApi {
  readonly #system: System;

  constructor(system: System) {
    this.#system = system;
  }

  async handle(request: HttpRequest): Promise<HttpOutcome> {
    const { authenticator, faults, requestIds, requests, clock } = this.#system;
    const id = requestIds.id("req_", 14);
    const key = readKey(request.header("authorization"));
    const account = key === undefined ? null : (authenticator.find(key)?.account.id ?? null);
    const target: FaultTarget = { method: request.method, path: request.path, account };
    const isDropped = faults.take(target, "drop_before") !== undefined;
    const answer = isDropped ? undefined : await this.#answer(request, target, id);
    requests.add({
      id,
      method: request.method,
      path: request.path,
      account,
      idempotencyKey: null,
      status: answer?.status ?? 0,
      replayed: false,
      forgotten: false,
      at: clock.nowMs(),
    });
    if (answer === undefined || faults.take(target, "drop_after") !== undefined) return "drop";
    const broken = faults.take(target, "invalid_json") !== undefined;
    return {
      ...answer,
      headers: { "Request-Id": id, ...answer.headers },
      body: broken ? "<html><body>Bad gateway</body></html>" : answer.body,
    };
  }

  async #answer(request: HttpRequest, target: FaultTarget, id: string): Promise<HttpResponse> {
    const { faults } = this.#system;
    try {
      if (faults.take(target, "rate_limit") !== undefined) throw rateLimited();
      const slow = faults.take(target, "slow");
      if (slow !== undefined) await pause(slow.delayMs);
      // Nothing is stored under keys here, so both of these are plain failures before the work.
      if (faults.take(target, "error_500_stored", "error_500_not_stored") !== undefined) throw serverError();
      const endpoint = ENDPOINTS[`${request.method} ${request.path}`];
      if (endpoint === undefined) {
        throw new SandboxError({
          status: 404,
          message: `Unrecognized request URL (${request.method}: ${request.path}).`,
        });
      }
      const answer = endpoint(this.#system, request);
      if (faults.take(target, "error_500_after") !== undefined) throw serverError();
      return answer;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return jsonResponse(error.status, error.envelope(target.account, id), error.headers);
    }
  }
}

function serverError(): SandboxError {
  return new SandboxError({
    status: 500,
    message: "An unknown error occurred while processing your request.",
  });
}
