/**
 * One cell of a CSV (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe (OWASP: CSV
 * injection).
 */
export function csvCell(value: string | number | boolean | object | Date | null): string {
  if (value === null) return "";
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
