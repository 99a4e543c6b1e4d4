/** What can stand in a cell. */
export type CsvValue = string | number | boolean | object | Date | null;

/**
 * One cell of a CSV (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe (OWASP: CSV
 * injection); a plain negative number does not, since it is none.
 */
export function csvCell(value: CsvValue): string {
  if (value === null) return "";
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
  const harmless = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line, with its end. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(",")}\r\n`;
