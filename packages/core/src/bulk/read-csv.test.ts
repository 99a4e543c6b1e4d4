import { describe, expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";

// A CSV is taken as it was meant or not at all, and the line that is wrong is named.
const eur = (amount: number) => ({ amount, currency: "eur" });

describe("what spreadsheets write is read", () => {
  test.each([
    ["with commas", "purchase\nch_1\npur_2", [{ purchase: "ch_1" }, { purchase: "pur_2" }]],
    [
      "with semicolons, a mark of UTF-8 and CRLF",
      "\uFEFFOrder Number;Amount;Currency\r\nA-1;49,00;EUR\r\n",
      [{ purchase: "A-1", amount: eur(4_900) }],
    ],
    ["with tabs", "charge\tamount\tcurrency\nch_1\t\t", [{ purchase: "ch_1" }]],
    [
      "quoted, with commas and quotes inside",
      'order\n"A ""1"", part, two"',
      [{ purchase: 'A "1", part, two' }],
    ],
    [
      "with empty lines and cells around",
      "purchase,amount,currency\n\n  ch_1 , 1.00 , eur \n,,\n",
      [{ purchase: "ch_1", amount: eur(100) }],
    ],
    [
      "with several columns, the first that is filled",
      "charge,order_number\n,A-1\nch_2,A-2",
      [{ purchase: "A-1" }, { purchase: "ch_2" }],
    ],
  ])("%s", (_name, text, rows) => {
    expect(readCsv(text)).toEqual(rows);
  });
});

describe("what is wrong is refused, with its line", () => {
  test.each([
    ["nothing", "", 1, "It is empty"],
    ["an unknown column", "purchase,price\nx,1", 1, 'no column "price"'],
    ["a column twice", "purchase,purchase\nx,y", 1, "twice"],
    ["no column for the purchase", "amount,currency\n1,eur", 1, "which purchase"],
    ["an amount without a currency", "purchase,amount\nx,1", 1, "needs its currency"],
    ["a line without a purchase", "purchase,amount,currency\nx,,\n,5,eur", 3, "names no purchase"],
    [
      "euros that could be cents",
      "purchase,amount,currency\nx,49,eur",
      2,
      "all decimals that EUR has, such as 49.00",
    ],
    ["too few decimals", "purchase,amount,currency\nx,49.0,eur", 2, "all decimals that EUR has"],
    [
      "decimals of yen",
      "purchase,amount,currency\nx,500.00,jpy",
      2,
      "all decimals that JPY has, such as 500",
    ],
    ["thousands", 'purchase,amount,currency\nx,"1,250",kwd', 2, "all decimals that KWD has, such as 49.000"],
    ["a negative amount", "purchase,amount,currency\nx,-5.00,eur", 2, "not an amount"],
    ["an amount alone", "purchase,amount,currency\nx,5.00,", 2, "not a currency"],
    ["a currency alone", "purchase,amount,currency\nx,,eur", 2, "not an amount"],
    ["too many cells", "purchase\nx,1", 2, "more cells"],
    ["a quote that never ends", 'purchase\n"x', 2, "not well-formed"],
  ])("%s", (_name, text, line, sentence) => {
    expect(() => readCsv(text)).toThrow(expect.objectContaining({ code: "csv_invalid", details: { line } }));
    expect(() => readCsv(text)).toThrow(sentence);
  });
});
