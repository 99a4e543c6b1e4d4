import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Without a database first, then refunds and approvals, then those that come to them from further away. */
const order = [
  "transitions.test",
  "classify-error.test",
  "kept-error.test",
  "/refunds/",
  "/approvals/",
  "/policy/",
  "/tools/",
  "/workflows/",
];

function place(file: string): number {
  const index = order.findIndex((part) => file.includes(part));
  return index < 0 ? order.length : index;
}

/** A mutant is done with at the first test that fails, so near and quick tests come first. */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted(
      (one, other) =>
        place(one.moduleId) - place(other.moduleId) || one.moduleId.localeCompare(other.moduleId),
    );
  }
}
