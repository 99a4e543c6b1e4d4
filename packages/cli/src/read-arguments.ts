import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Given extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Given }>
>["values"];

/** Whether somebody asks for the help of a command, whatever else was typed. */
export function asksForHelp(words: readonly string[]): boolean {
  return words.includes("--help") || words.includes("-h");
}

/**
 * Reads the options of a command. A value may begin with a minus sign, so that whoever reads it can say what
 * is wrong with `--seeds -1`; what begins with two is an option, and then the value is missing.
 *
 * @param options as `parseArgs` of `node:util` takes them
 * @param next one sentence on what to type instead; it ends each message
 * @throws UsageError naming what is unknown, lacks its value, has one too many or belongs to no option
 */
export function readArguments<const Given extends Options>(
  words: readonly string[],
  options: Given,
  next: string,
): Values<Given> {
  // Lenient at first: the strict reading has sentences of its own, and does not say which word it minds.
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const args: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new UsageError(`"${token.value}" belongs to no option. ${next}`);
    }
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw new UsageError(`There is no option ${rawName}. ${next}`);
    const isSwallowed = inlineValue === false && value?.startsWith("--");
    if (option.type === "string" && (!value || isSwallowed)) {
      throw new UsageError(`${rawName} needs a value. ${next}`);
    }
    if (option.type === "boolean" && value !== undefined) {
      throw new UsageError(`${rawName} takes no value. ${next}`);
    }
    args.push(value === undefined ? `--${name}` : `--${name}=${value}`);
  }
  return parseArgs<{ args: string[]; options: Given }>({ args, options }).values;
}

/**
 * A whole number of at most nine digits, as the value of an option.
 *
 * @param next one sentence on what to type instead
 * @returns undefined when the option was not given
 * @throws UsageError
 */
export function readWholeNumber(
  name: string,
  text: string | undefined,
  least: number,
  next: string,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`${name} takes a whole number from ${least} to 999999999, not "${text}". ${next}`);
}
