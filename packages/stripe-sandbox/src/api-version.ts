/** The version this sandbox speaks, whatever version a request names. Source: contract sheet, version facts. */
export const API_VERSION = "2026-10-28.endive";
