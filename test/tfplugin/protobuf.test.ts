import fc from "fast-check";
import { bool, bytes, integer, mapOf, message, nested, repeated, string } from "../../lib/tfplugin/protobuf";

const inner = message({ name: string(1), count: integer(2) });
const outer = message({
  text: string(1),
  flag: bool(2),
  raw: bytes(3),
  inner: nested(4, inner),
  list: repeated(20, inner),
  map: mapOf(21, inner),
});

describe("protobuf messages", () => {
  test("are written as the specification says", () => {
    expect(outer.encode({ text: "hi", flag: true, inner: { count: 300 } }).toString("hex")).toBe(
      "0a0268691001220310ac02",
    );
  });

  test("have numbers above 15 in two octets of tag", () => {
    expect(outer.encode({ list: [{ name: "a" }] }).toString("hex")).toBe("a201030a0161");
  });

  test("come back as they were", () => {
    const part = fc.record({ name: fc.string({ unit: "binary" }), count: fc.maxSafeNat() });
    const whole = fc.record({
      text: fc.string({ unit: "binary" }),
      flag: fc.boolean(),
      raw: fc.uint8Array().map((octets) => Buffer.from(octets)),
      inner: fc.option(part, { nil: undefined }),
      list: fc.array(part),
      map: fc.dictionary(fc.string({ unit: "binary" }), part),
    });
    fc.assert(fc.property(whole, (value) => void expect(outer.decode(outer.encode(value))).toEqual(value)));
  });

  test("give absent fields their empty value", () => {
    const empty = { text: "", flag: false, raw: new Uint8Array(), inner: undefined, list: [], map: {} };
    expect(outer.decode(Buffer.alloc(0))).toEqual(empty);
  });

  test("skip fields that the table doesn't have", () => {
    const newer = message({ text: string(1), later: integer(9), more: string(10), last: bool(2) });
    const encoded = newer.encode({ text: "t", later: 7, more: "m", last: true });
    expect(outer.decode(encoded)).toMatchObject({ text: "t", flag: true });
  });

  test.each([
    { when: "inside a length", hex: "0a" },
    { when: "inside a text", hex: "0a0568" },
    { when: "inside a number", hex: "1080" },
  ])("fail when they end $when", ({ hex }) => {
    expect(() => outer.decode(Buffer.from(hex, "hex"))).toThrow("the message ends inside");
  });
});
