export { DeskUnreachableError, type RedressToolsOptions, redressTools } from "./redress-tools.ts";
