import { createHash } from "node:crypto";
import { crc32c } from "@node-rs/crc32";
import fc from "fast-check";
import { combineCrc32c, decodeCrc32c, encodeCrc32c } from "../../sandbox/storage/bytes/crc32c";
import { Digest } from "../../sandbox/storage/bytes/digest";
import { syntheticBytes } from "../../sandbox/storage/bytes/synthetic";

/** The definition, bit by bit. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe("CRC-32C", () => {
  test("has the check value of its specification", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  });

  test("agrees with the definition, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const expected = slowCrc32c(bytes);
        expect(crc32c(bytes)).toBe(expected);
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(expected);
        const rest = bytes.subarray(cut);
        expect(combineCrc32c(crc32c(bytes.subarray(0, cut)), crc32c(rest), rest.length)).toBe(expected);
      }),
    );
  });

  test("is written as four bytes in base64, most significant first", () => {
    expect(encodeCrc32c(0xe3069283)).toBe("4waSgw==");
    expect(decodeCrc32c("4waSgw==")).toBe(0xe3069283);
  });
});

test("a digest agrees with Node's own hashes", () => {
  const digest = new Digest();
  digest.update(Buffer.from("hello "));
  digest.update(Buffer.from("world"));

  expect(digest.result()).toEqual({
    size: 11,
    md5Hash: createHash("md5").update("hello world").digest("base64"),
    sha256: createHash("sha256").update("hello world").digest("hex"),
    crc32c: "yZRlqg==",
  });
});

test("synthetic bytes are the same in every range of one seed, and others for another", () => {
  const all = Buffer.concat([...syntheticBytes("seed", 0, 600_000)]);

  expect(Buffer.concat([...syntheticBytes("seed", 12_345, 560_001)])).toEqual(all.subarray(12_345, 560_001));
  expect(Buffer.concat([...syntheticBytes("other", 0, 600_000)]).equals(all)).toBe(false);
  expect(new Set(all.subarray(0, 4096)).size).toBeGreaterThan(250);
});
