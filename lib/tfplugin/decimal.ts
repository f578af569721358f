import { Decimal } from "./types";

/** A number written in decimal: as a JavaScript number where that loses nothing, otherwise kept as text. */
export function numberFromText(text: string): number | Decimal {
  const value = Number(text);
  const same = Number.isFinite(value) && canonicalDecimal(text) === canonicalDecimal(String(value));
  return same ? value : new Decimal(text);
}

/** A number that came as a double: its exact value, which may have more digits than JavaScript prints. */
export function numberFromDouble(value: number): number | Decimal {
  return Number.isSafeInteger(value) ? value : numberFromText(value.toPrecision(100));
}

/** Whether two numbers are equal, however they are written. */
export function sameNumber(a: number | Decimal, b: number | Decimal): boolean {
  return a === b || canonicalDecimal(String(a)) === canonicalDecimal(String(b));
}

/** `[-]digits e exponent`, without superfluous zeros: two spellings of one number give the same text. */
export function canonicalDecimal(text: string): string {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign === "-" ? "-" : ""}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
