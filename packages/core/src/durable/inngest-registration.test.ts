import { afterEach, expect, test, vi } from "vitest";
import type { Dependencies } from "../dependencies.ts";
import { allWorkflows } from "../workflows/index.ts";
import type { AnyWorkflow } from "./port.ts";
import { startServedInngest } from "./start-served-inngest.fixture.ts";

// Nobody syncs by hand: Inngest is told of the functions, until it knows them and whenever it forgot them.
let open: Awaited<ReturnType<typeof startServedInngest>> | undefined;
afterEach(async () => {
  await open?.engine.stop();
  await open?.close();
  open = undefined;
});
const warnings: string[] = [];
const warn = (_facts: object, sentence: string) => void warnings.push(sentence);
const logger = { debug() {}, info() {}, warn, error() {} };
const workflow: AnyWorkflow = {
  id: "executions",
  on: "refund/execution.due",
  attempts: 30,
  concurrencyKey: ({ refundId }) => refundId,
  run: async () => {},
};

const startWith = (workflows: AnyWorkflow[]) =>
  startServedInngest({ workflows, readMessage: async () => null, registerEveryMs: 100, logger });

test("while Inngest does not take the functions it is told again, and the log says so", async () => {
  warnings.length = 0;
  open = await startWith([workflow]);
  open.server.refuseRegistrations(true);
  const started = open.engine.start();
  await vi.waitFor(() => expect(warnings.join("\n")).toContain("Inngest did not take the functions"), {
    timeout: 10_000,
  });
  expect(open.server.functions()).toEqual([]);
  open.server.refuseRegistrations(false);
  await started;
  expect(open.server.functions().map(({ id }) => id)).toContain("redress-executions");
});

test("a server that forgot the functions is told again", async () => {
  open = await startWith([workflow]);
  await open.engine.start();
  open.server.forgetFunctions();
  await vi.waitFor(() => expect(open?.server.functions()).not.toEqual([]), { timeout: 10_000 });
});

test("a function starts on its own events only, takes turns by key, and tries as often as Inngest lets it", async () => {
  open = await startWith([workflow]);
  await open.engine.start();
  expect(open.server.functions()[0]).toMatchObject({
    id: "redress-executions",
    triggers: [{ event: "refund/execution.due", expression: "event.data.redress.workflow == 'executions'" }],
    concurrency: [{ scope: "env", key: "event.data.redress.key", limit: 1 }],
    steps: { step: { retries: { attempts: 20 } } },
  });
});

test("every workflow of the desk is served under an id that does not change, W3's among them", async () => {
  // The workflows only close over what they are given; none runs here.
  open = await startWith(allWorkflows({} as Dependencies));
  await open.engine.start();
  const ids = open.server.functions().map(({ id }) => id);
  expect(ids.filter((id) => !id.endsWith("-failure")).sort()).toEqual(
    allWorkflows({} as Dependencies)
      .map(({ id }) => `redress-${id}`)
      .sort(),
  );
  expect(ids).toContain("redress-handle-stripe-refund");
});
