/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** `TABLES[k][b]`: what byte b adds when k more bytes follow it; eight bytes are taken in one step. */
const TABLES = makeTables();

/** Continues the CRC-32C of what came before (0 at first) over `bytes`. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = ~previous;
  let index = 0;
  for (const end = bytes.length - 7; index < end; index += 8) {
    const low =
      crc ^
      (byte(bytes, index) |
        (byte(bytes, index + 1) << 8) |
        (byte(bytes, index + 2) << 16) |
        (byte(bytes, index + 3) << 24));
    crc =
      at(t7, low & 255) ^
      at(t6, (low >>> 8) & 255) ^
      at(t5, (low >>> 16) & 255) ^
      at(t4, low >>> 24) ^
      at(t3, byte(bytes, index + 4)) ^
      at(t2, byte(bytes, index + 5)) ^
      at(t1, byte(bytes, index + 6)) ^
      at(t0, byte(bytes, index + 7));
  }
  for (; index < bytes.length; index += 1) crc = (crc >>> 8) ^ at(t0, (crc ^ byte(bytes, index)) & 255);
  return ~crc >>> 0;
}

/** CRC-32C of two pieces one after the other, from the pieces' own and the length of the second. */
export function combineCrc32c(first: number, second: number, secondLength: number): number {
  let crc = first;
  // Multiplying by x^8 appends a zero byte; the powers of two of the length are gone through by squaring the operator.
  let operator = zeroByteOperator();
  for (let length = BigInt(secondLength); length > 0n; length >>= 1n) {
    if (length & 1n) crc = apply(operator, crc);
    operator = square(operator);
  }
  return (crc ^ second) >>> 0;
}

/** Base64 of the four bytes, most significant first, as Google writes it. */
export function encodeCrc32c(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}

export function decodeCrc32c(text: string): number {
  return Buffer.from(text, "base64").readUInt32BE();
}

type Table = Uint32Array;
type Tables = readonly [Table, Table, Table, Table, Table, Table, Table, Table];

function makeTables(): Tables {
  const bytewise = Uint32Array.from({ length: 256 }, (_, value) => {
    let crc = value;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const followedByOneMore = (table: Table) => table.map((crc) => (crc >>> 8) ^ at(bytewise, crc & 255));
  const tables = [bytewise];
  while (tables.length < 8) tables.push(followedByOneMore(tables.at(-1) ?? bytewise));
  // Eight, as the loop says.
  return tables as unknown as Tables;
}

// Indices are within bounds by construction; the checks that the compiler asks for would halve the speed.
function at(table: Table, index: number): number {
  return table[index] as number;
}

function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

/** A linear map over 32 bits: what each single bit becomes. */
type Operator = readonly number[];

function zeroByteOperator(): Operator {
  return Array.from({ length: 32 }, (_, bit) => {
    const crc = (1 << bit) >>> 0;
    return ((crc >>> 8) ^ at(TABLES[0], crc & 255)) >>> 0;
  });
}

function apply(operator: Operator, value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit += 1) if ((value >>> bit) & 1) result ^= operator[bit] ?? 0;
  return result >>> 0;
}

function square(operator: Operator): Operator {
  return operator.map((column) => apply(operator, column));
}
