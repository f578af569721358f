import { crc32c } from "@node-rs/crc32";

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

/** A linear map over 32 bits: what each single bit becomes. */
type Operator = readonly number[];

function zeroByteOperator(): Operator {
  // The checksum is the register with all bits turned over, before and after.
  return Array.from({ length: 32 }, (_, bit) => ~crc32c(Uint8Array.of(0), ~(1 << bit) >>> 0) >>> 0);
}

function apply(operator: Operator, value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit += 1) if ((value >>> bit) & 1) result ^= operator[bit] ?? 0;
  return result >>> 0;
}

function square(operator: Operator): Operator {
  return operator.map((column) => apply(operator, column));
}
