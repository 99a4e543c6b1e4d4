import { CsvError, parse } from "csv-parse/sync";
import { RedressError } from "../errors.ts";
import { currencyExponent, type Money, writtenDecimals } from "../money.ts";
import type { ListedRow } from "./bulk-input.ts";

/** The names under which a purchase may be given; the first that a line fills counts. */
const purchaseColumns = ["purchase", "charge", "payment_intent", "order_number", "order"] as const;
const known = new Set<string>([...purchaseColumns, "amount", "currency"]);

/**
 * The lines of a CSV (RFC 4180; UTF-8, `,` or `;` or tab between cells, with a head line): `purchase` (or `charge`,
 * `payment_intent`, `order_number`), and if not all that is left is to be returned, `amount` with its `currency`, written with
 * all decimals: 49.00 EUR, 500 JPY. `49` of euros could be cents, and is refused; so are other columns, so that none is
 * overlooked.
 *
 * @throws RedressError `csv_invalid`, naming the line
 */
export function readCsv(text: string): ListedRow[] {
  const lines = parseLines(text);
  const [head, ...rest] = lines;
  if (head === undefined) throw invalid("It is empty. Its first line names the columns.", 1);
  const columns = readHead(head.record);
  return rest.map(({ record, line }) => readLine(columns, record, line));
}

interface Line {
  readonly record: readonly string[];
  readonly line: number;
}

function parseLines(text: string): Line[] {
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      max_record_size: 10_000,
    });
    // With `info` each record comes with its place; the type of the library does not say so.
    return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line: unknown = Reflect.get(cause, "lines");
    throw invalid(
      "It is not well-formed: a quote is missing or a line is endless. Save it as CSV again.",
      typeof line === "number" ? line : 1,
      cause,
    );
  }
}

/** What spreadsheets write depends on the country. */
function separatorOf(text: string): string {
  const head = text.slice(0, 1_000).split(/\r?\n/, 1)[0] ?? "";
  return head.includes(";") ? ";" : head.includes("\t") ? "\t" : ",";
}

function readHead(record: readonly string[]): string[] {
  const columns = record.map((name) => name.toLowerCase().replaceAll(" ", "_"));
  const unknown = columns.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw invalid(
      `There is no column "${unknown[0]}". Name them purchase (or charge, payment_intent, order_number), amount and currency.`,
      1,
    );
  }
  if (new Set(columns).size < columns.length) throw invalid("A column is there twice.", 1);
  if (!purchaseColumns.some((name) => columns.includes(name))) {
    throw invalid(
      "No column says which purchase: name one purchase, charge, payment_intent or order_number.",
      1,
    );
  }
  if (columns.includes("amount") !== columns.includes("currency")) {
    throw invalid("An amount needs its currency: give both columns or neither.", 1);
  }
  return columns;
}

function readLine(columns: readonly string[], record: readonly string[], line: number): ListedRow {
  if (record.length > columns.length) throw invalid("It has more cells than the head line.", line);
  const cell = (name: string) => record[columns.indexOf(name)] ?? "";
  const purchase = purchaseColumns.map(cell).find((value) => value !== "");
  if (purchase === undefined) throw invalid("It names no purchase.", line);
  const [amount, currency] = [cell("amount"), cell("currency")];
  if (amount === "" && currency === "") return { purchase };
  if (!/^[a-z]{3}$/i.test(currency)) throw invalid(`"${currency}" is not a currency, such as EUR.`, line);
  return { purchase, amount: readAmount(amount, currency.toLowerCase(), line) };
}

/** A comma before three decimals would be a thousands mark to others. */
function readAmount(text: string, currency: string, line: number): Money {
  const decimals = writtenDecimals(currency);
  const mark = decimals === 3 ? "[.]" : "[.,]";
  const form = new RegExp(decimals === 0 ? "^(\\d{1,12})$" : `^(\\d{1,9})${mark}(\\d{${decimals}})$`);
  const [, whole, part = ""] = form.exec(text) ?? [];
  if (whole !== undefined)
    return { amount: Number(whole + part.padEnd(currencyExponent(currency), "0")), currency };
  const example = decimals === 0 ? "500" : `49.${"0".repeat(decimals)}`;
  throw invalid(
    `"${text}" is not an amount. Write it with all decimals that ${currency.toUpperCase()} has, such as ${example}.`,
    line,
  );
}

function invalid(sentence: string, line: number, cause?: unknown): RedressError {
  return new RedressError("csv_invalid", `Line ${line} of the CSV: ${sentence} Nothing was taken in.`, {
    details: { line },
    ...(cause === undefined ? {} : { cause }),
  });
}
