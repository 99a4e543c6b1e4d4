import fc from "fast-check";

// A mutant is dead at its first counterexample: finding a shorter one takes many more runs.
fc.configureGlobal({ endOnFailure: true });
