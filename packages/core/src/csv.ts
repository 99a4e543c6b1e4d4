/** What can stand in a cell. */
export type CsvValue = string | number | boolean | Date | object | null | undefined;

/** One line of a CSV file (RFC 4180). */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(",")}\r\n`;

/**
 * A cell. Text that a spreadsheet would take for a formula begins with an apostrophe; a plain negative number does
 * not, since it is none.
 */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return "";
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
