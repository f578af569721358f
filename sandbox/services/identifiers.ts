import { createHash, randomInt } from "node:crypto";
import type { World } from "../state/world";

/** A decimal number of that many digits that doesn't start with 0, as a string. */
export function randomDigits(count: number): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < count) digits += String(randomInt(0, 10));
  return digits;
}

/** Twelve digits made from a name, so that the same project has the same number in every sandbox. */
export function digitsOf(name: string, isTaken: (digits: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const hash = createHash("sha256").update(`${name}#${attempt}`).digest();
    const digits = String(100_000_000_000n + (hash.readBigUInt64BE() % 900_000_000_000n));
    if (!isTaken(digits)) return digits;
  }
}

/** An etag that no other version has, e.g. `BwYx3f0vE2c=`. */
export function newEtag(world: World): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(world.clock.nextMicros()));
  bytes[0] = 7;
  return bytes.toString("base64");
}
