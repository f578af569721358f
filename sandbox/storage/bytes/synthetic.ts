import { createCipheriv, createHash } from "node:crypto";

const BLOCK = 16;
const zeros = Buffer.alloc(1 << 18);

/**
 * Bytes `start` to `end` (exclusive) of an endless stream that looks random and is the same for each seed: an object of
 * gigabytes that takes no room.
 */
export function* syntheticBytes(seed: string, start: number, end: number): Generator<Buffer> {
  const key = createHash("sha256").update(seed).digest();
  const counter = Buffer.alloc(BLOCK);
  counter.writeBigUInt64BE(BigInt(Math.floor(start / BLOCK)), 8);
  const cipher = createCipheriv("aes-256-ctr", key, counter);
  cipher.update(Buffer.alloc(start % BLOCK));
  for (let position = start; position < end; position += zeros.length) {
    yield cipher.update(zeros.subarray(0, Math.min(zeros.length, end - position)));
  }
}
