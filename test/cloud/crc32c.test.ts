import { crc32c, crc32cBase64 } from "../../lib/cloud/crc32c";

test.each([
  ["", "AAAAAA=="],
  ["123456789", "4waSgw=="],
])("the CRC32C of %j is %s", (text, expected) => {
  expect(crc32cBase64(crc32c(Buffer.from(text)))).toBe(expected);
});

test("bytes may begin and end anywhere in memory", () => {
  const memory = Buffer.alloc(80).map((_, index) => index * 7);
  for (let from = 0; from < 8; from += 1) {
    for (let to = from; to < 80; to += 1) {
      const slow = memory.subarray(from, to).reduce((crc, byte) => crc32c(Uint8Array.of(byte), crc), 0);

      expect(crc32c(memory.subarray(from, to))).toBe(slow);
    }
  }
});
