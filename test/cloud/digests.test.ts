import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { crc32c } from "@node-rs/crc32";
import { crc32cBase64 } from "../../lib/cloud/crc32c";
import type { openStreamDigester } from "../../lib/cloud/digest-pool";
import { createDigester } from "../../lib/cloud/digests";
import { compileFixture } from "../support/compile-fixture";

test.each([
  ["nothing", Buffer.alloc(0), 0x00000000],
  ["the check value of the algorithm", Buffer.from("123456789"), 0xe3069283],
  ["32 zero bytes (RFC 3720)", Buffer.alloc(32), 0x8a9136aa],
  ["32 bytes of ones (RFC 3720)", Buffer.alloc(32, 0xff), 0x62a8ab43],
  ["32 ascending bytes (RFC 3720)", Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
])("the CRC32C of %s is as published", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test("pieces of any length at any offset make the checksum of the whole", () => {
  const bytes = randomBytes(5000);
  const whole = crc32c(bytes);
  for (let cut = 0; cut < 70; cut += 1) {
    expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(whole);
  }
});

test("a checksum is written as Cloud Storage writes it", () => {
  expect(crc32cBase64(0x12345678)).toBe("EjRWeA==");
  expect(crc32cBase64(0xffffffff)).toBe("/////w==");
});

test("one pass tells all digests", () => {
  const bytes = randomBytes(100_000);
  const digester = createDigester();
  for (let at = 0; at < bytes.length; at += 7777) digester.update(bytes.subarray(at, at + 7777));

  expect(digester.finish()).toEqual({
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sha512: createHash("sha512").update(bytes).digest("hex"),
    crc32c: crc32cBase64(crc32c(bytes)),
  });
});

describe("a stream that is hashed beside the thread that reads it", () => {
  // The threads run the compiled product; the tests' own sources hash where they are.
  const { openStreamDigester: openCompiled } = require(
    compileFixture(join(__dirname, "../../lib/cloud/digest-pool.ts")),
  ) as { readonly openStreamDigester: typeof openStreamDigester };

  test.each([1, 200_000, 3_000_001])("has the same digests: %d bytes", async (size) => {
    const bytes = randomBytes(size);
    const here = createDigester();
    here.update(bytes);
    const there = openCompiled(size);
    for (let at = 0; at < size; at += 65_536) {
      // What is passed is the caller's again at once.
      const piece = Buffer.from(bytes.subarray(at, at + 65_536));
      await there.update(piece);
      piece.fill(0);
    }
    expect(await there.finish()).toEqual(here.finish());
  });

  test("may end without a result", async () => {
    const abandoned = openCompiled(1_000_000);
    await abandoned.update(randomBytes(300_000));
    abandoned.abandon();
    const next = openCompiled(1_000_000);
    await next.update(Buffer.from("x".repeat(200_000)));

    expect((await next.finish()).size).toBe(200_000);
  });

  test("is many streams at once, none of them mixed up", async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const digester = openCompiled(1_000_000);
        for (let piece = 0; piece < 10; piece += 1) await digester.update(Buffer.alloc(100_000, n));
        return digester.finish();
      }),
    );
    expect(results.map(({ sha256 }) => sha256)).toEqual(
      results.map((_, n) => createHash("sha256").update(Buffer.alloc(1_000_000, n)).digest("hex")),
    );
  });
});
