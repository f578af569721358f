const booleans = [
  ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"],
  ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"],
].flat();

const words = new Set(
  [
    booleans,
    ["", "~", "null", "Null", "NULL"],
    [".nan", ".NaN", ".NAN"],
    ["", "+", "-"].flatMap((sign) => [`${sign}.inf`, `${sign}.Inf`, `${sign}.INF`]),
  ].flat(),
);

/**
 * Whether a YAML 1.1 reader takes this text, written without quotes, for a string: not for a boolean, a number, a date or
 * nothing. The rules are those of go-yaml 2, by observation; `y`, `1_000`, `0b11`, `12:30` and `2024-01-15` are no strings.
 */
export function resolvesToString(text: string): boolean {
  return !(words.has(text) || isFloat(text) || isInteger(text) || isSexagesimal(text) || isTimestamp(text));
}

/** Whether a YAML 1.1 reader turns this text, written without quotes, into other text where text is wanted: `on` into `true`, `1_000` into `1000`. */
export function isRewritten(text: string): boolean {
  return booleans.includes(text) || isFloat(text) || isInteger(text);
}

function isFloat(text: string): boolean {
  // Underscores may stand anywhere after a digit or sign, but after a leading point only between digits.
  const plain = text.replace(/^[-+0-9]/.test(text) ? /_/g : /(?<=[0-9])_(?=[0-9])/g, "");
  // A number beyond the range of a float is a string again: Go's parser refuses it.
  return /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain) && Number.isFinite(Number(plain));
}

/** Integers with a base; decimal ones look like floats already. */
function isInteger(text: string): boolean {
  if (!/^[-+0-9]/.test(text)) return false;
  // Go reads `0b` twice: once with the sign in front, as everywhere, and once with it behind.
  const match = /^([-+]?)(0x[0-9a-f]+|0o[0-7]+|0b[01]+)$|^0b([-+])([01]+)$/i.exec(text.replaceAll("_", ""));
  if (match === null || text.startsWith("0B+") || text.startsWith("0B-")) return false;
  const sign = match[1] ?? match[3];
  const magnitude = BigInt(match[2]?.toLowerCase() ?? `0b${match[4]}`);
  return magnitude <= (sign === "" ? 2n ** 64n - 1n : sign === "-" ? 2n ** 63n : 2n ** 63n - 1n);
}

/** `12:30`: base 60 in YAML 1.1. */
function isSexagesimal(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text);
}

const date = "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})";
const time = "([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?";
const timestamps = [
  new RegExp(`^${date}$`),
  new RegExp(`^${date} +${time}$`),
  new RegExp(`^${date}[Tt]${time}(?:Z|[-+]([0-9]{2}):([0-9]{2}))$`),
];

function isTimestamp(text: string): boolean {
  const match = timestamps.map((form) => form.exec(text)).find((found) => found !== null);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    zoneHour <= 24 &&
    zoneMinute <= 60
  );
}
