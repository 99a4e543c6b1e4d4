/** The version this sandbox speaks, whatever version a request names. Source: the version the SDK is pinned to. */
export const API_VERSION = "2026-10-28.endive";
