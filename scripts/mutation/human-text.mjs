// @ts-check
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/**
 * Leaves out text that only people read. Whether a sentence reads well is no property of the protocol, and a
 * test that repeats it letter by letter would protect nothing. Ignored are, by their place in the syntax:
 *
 * - what is given to `logger.…(…)`: a log line moves no row and sends nothing;
 * - the sentence and the facts of an alert (`raiseAlert`'s third and fourth argument); its name, and
 *   whether it is raised at all, are mutated;
 * - the sentence of a `RedressError` (second argument); its code and its details are mutated;
 * - the message of `new Error(…)`: these mark states that cannot be; that they throw is mutated;
 * - any other text that is a sentence: it has a space and ends in a full stop. Codes, statuses, keys and
 *   names of columns never do.
 */
const humanText = {
  /** @param {any} path of Babel */
  shouldIgnore(path) {
    const { node, parent, key, listKey } = path;
    if (isSentence(node)) return "a sentence for people";
    const at = listKey === "arguments" ? key : -1;
    if (at < 0) return undefined;
    if (parent.type === "CallExpression") {
      const { callee } = parent;
      if (callee.type === "Identifier" && callee.name === "raiseAlert" && at >= 2) return "text of an alert";
      if (callee.type === "MemberExpression" && isLogger(callee.object)) return "text of a log line";
    }
    if (parent.type === "NewExpression" && parent.callee.type === "Identifier") {
      if (parent.callee.name === "RedressError" && at === 1) return "the sentence of an error";
      if (parent.callee.name === "Error") return "the message of a state that cannot be";
    }
    return undefined;
  },
};

/** @param {any} node */
function isSentence(node) {
  const text =
    node.type === "StringLiteral"
      ? node.value
      : node.type === "TemplateLiteral"
        ? node.quasis.map((/** @type {any} */ quasi) => quasi.value.cooked).join("…")
        : "";
  return text.includes(" ") && text.endsWith(".");
}

/** @param {any} node */
function isLogger(node) {
  return (
    (node.type === "Identifier" && node.name === "logger") ||
    (node.type === "MemberExpression" && node.property.name === "logger")
  );
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "human-text", humanText)];
