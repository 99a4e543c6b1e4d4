import type { z } from "zod";

/** Values of the environment, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigurationProblem {
  readonly variable: string;
  /** What is wrong and what to do about it. Never holds the value. */
  readonly sentence: string;
}

/** Reads variables and gathers what is wrong with them. A variable that is set to nothing counts as unset. */
export class Variables {
  readonly problems: ConfigurationProblem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  isSet(name: string): boolean {
    return (this.#environment[name] ?? "").trim() !== "";
  }

  report(variable: string, sentence: string): void {
    this.problems.push({ variable, sentence });
  }

  /**
   * @param sentence what to do when the value does not fit the schema
   * @returns null when it is unset, or wrong (and then reported)
   */
  read<Value>(name: string, schema: z.ZodType<Value, string>, sentence: string): Value | null {
    const text = this.#environment[name];
    if (text === undefined || !this.isSet(name)) return null;
    // The classic of pasted keys: invisible, and refused by Stripe as a wrong key or signature.
    if (text !== text.trim() || /[\r\n\t]/.test(text)) {
      this.report(name, "It has a space or a line break at its start, its end or inside. Remove it.");
      return null;
    }
    const parsed = schema.safeParse(text);
    if (!parsed.success) this.report(name, sentence);
    return parsed.success ? parsed.data : null;
  }
}
