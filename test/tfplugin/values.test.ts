import fc from "fast-check";
import { decodeValue } from "../../lib/tfplugin/decode";
import { encodeValue } from "../../lib/tfplugin/encode";
import { parseStateJson, valueFromJson } from "../../lib/tfplugin/state-json";
import { type CtyType, Decimal, Dynamic, isWhollyKnown, UNKNOWN, type Value } from "../../lib/tfplugin/types";

function hex(type: CtyType, text: string): Value {
  return decodeValue(type, Buffer.from(text.replaceAll(" ", ""), "hex"));
}

function roundTrip(type: CtyType, value: Value): Value {
  return decodeValue(type, encodeValue(type, value));
}

describe("values from Terraform", () => {
  test.each<{ what: string; type: CtyType; bytes: string; value: Value }>([
    { what: "null", type: "string", bytes: "c0", value: undefined },
    { what: "a short text", type: "string", bytes: "a3 61 62 63", value: "abc" },
    { what: "a small number", type: "number", bytes: "05", value: 5 },
    { what: "a negative number", type: "number", bytes: "d1 ff 00", value: -256 },
    { what: "a fraction that is exact in binary", type: "number", bytes: "cb 3fe0000000000000", value: 0.5 },
    { what: "a fraction that isn't, as text", type: "number", bytes: "a3 302e31", value: 0.1 },
    { what: "1.0 as text", type: "number", bytes: "a3 312e30", value: 1 },
    { what: "2^63", type: "number", bytes: "cf 8000000000000000", value: new Decimal("9223372036854775808") },
    { what: "-2^63", type: "number", bytes: "d3 8000000000000000", value: new Decimal("-9223372036854775808") },
    { what: "true", type: "bool", bytes: "c3", value: true },
    { what: "an unknown", type: "string", bytes: "d4 00 00", value: UNKNOWN },
    { what: "a refined unknown", type: "string", bytes: "c7 02 0c 81 01c2", value: UNKNOWN },
    { what: "an unknown of a kind to come", type: "string", bytes: "d4 63 00", value: UNKNOWN },
    { what: "a list with a null in it", type: ["list", "string"], bytes: "92 a161 c0", value: ["a", undefined] },
    {
      what: "a dynamic text",
      type: "dynamic",
      bytes: "92 c408 22737472696e6722 a161",
      value: new Dynamic("string", "a"),
    },
    {
      what: "an object without a null attribute",
      type: ["object", { a: "bool", b: "bool" }],
      bytes: "82 a161 c3 a162 c0",
      value: { a: true },
    },
  ])("$what", ({ type, bytes, value }) => {
    expect(hex(type, bytes)).toEqual(value);
  });

  test("an unknown deep inside a nested map", () => {
    const type: CtyType = ["map", ["object", { size: "number", tags: ["map", "string"] }]];
    const value = hex(type, "81 a161 82 a473697a65 d40000 a474616773 81 a178 d40000");
    expect(value).toEqual({ a: { size: UNKNOWN, tags: { x: UNKNOWN } } });
    expect(isWhollyKnown(value)).toBe(false);
    expect(encodeValue(type, value).toString("hex")).toBe("81a16182a473697a65d40000a47461677381a178d40000");
  });

  test.each([
    { what: "a text where a number should be", type: "bool" as CtyType, bytes: "a161" },
    { what: "half a message", type: "string" as CtyType, bytes: "a5 61" },
    { what: "an attribute the schema doesn't have", type: ["object", {}] as CtyType, bytes: "81 a161 c3" },
  ])("fails on $what", ({ type, bytes }) => {
    expect(() => hex(type, bytes)).toThrow("msgpack: ");
  });
});

describe("values to Terraform", () => {
  const leaf = fc.constantFrom<CtyType>("string", "number", "bool");

  test("texts, numbers, booleans and collections come back as they were", () => {
    const number = fc.oneof(
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((d) => d + 0),
    );
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const value = fc.record({
      text,
      number,
      flag: fc.boolean(),
      list: fc.array(number, { maxLength: 40 }),
      map: fc.dictionary(text, text),
    });
    const type: CtyType = [
      "object",
      { text: "string", number: "number", flag: "bool", list: ["list", "number"], map: ["map", "string"] },
    ];
    fc.assert(fc.property(value, (one) => void expect(roundTrip(type, one)).toEqual(one)));
  });

  test("any collection of unknowns and nulls comes back as it was", () => {
    fc.assert(
      fc.property(leaf, fc.array(fc.constantFrom<Value>(undefined, UNKNOWN)), (type, list) => {
        expect(roundTrip(["list", type], list)).toEqual(list);
      }),
    );
  });

  test.each(["1234567890123456789012345678901234567890", "0.1234567890123456789012345678901", "1e400"])(
    "a number with many digits stays %s",
    (text) => {
      expect(roundTrip("number", new Decimal(text))).toEqual(new Decimal(text));
    },
  );

  test("a fraction is sent in decimal, as Terraform computes in decimal", () => {
    expect(encodeValue("number", 0.1).toString("hex")).toBe("a3302e31");
  });

  test("attributes left out are null", () => {
    expect(encodeValue(["object", { a: "string", b: "string" }], { a: "x" }).toString("hex")).toBe("82a161a178a162c0");
  });

  test("a key may be called __proto__", () => {
    const value = Object.fromEntries([["__proto__", "x"]]);
    expect(Object.entries(roundTrip(["map", "string"], value) as object)).toEqual([["__proto__", "x"]]);
  });

  test.each<{ what: string; value: Value; type: CtyType }>([
    { what: "null", value: undefined, type: "string" },
    { what: "small number", value: 7, type: "number" },
    { what: "large number", value: -(2 ** 40), type: "number" },
    { what: "text", value: "abc", type: "string" },
    { what: "long text", value: "x".repeat(300), type: "string" },
    { what: "short list", value: [true], type: ["list", "bool"] },
    { what: "long list", value: Array(20).fill(false), type: ["list", "bool"] },
    { what: "unknown", value: UNKNOWN, type: "string" },
  ])("a $what comes back wherever the buffer has to grow", ({ value, type }) => {
    for (let filler = 4060; filler < 4100; filler++) {
      const pair = { filler: "x".repeat(filler), value, last: "z" };
      const pairType: CtyType = ["object", { filler: "string", value: type, last: "string" }];
      expect(roundTrip(pairType, pair)).toEqual(pair);
    }
  });

  test("a map of 70,000 texts of 1 kB comes back as it was", () => {
    const value = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`file-${index}`, "x".repeat(1000)]));
    expect(roundTrip(["map", "string"], value)).toEqual(value);
  });

  test.each<{ what: string; type: CtyType; value: Value; message: string }>([
    {
      what: "another type",
      type: ["object", { a: "string" }],
      value: { a: 5 },
      message: "a: expected a string, found number 5",
    },
    {
      what: "an unknown attribute",
      type: ["object", {}],
      value: { b: 1 },
      message: "b: no such attribute in the schema",
    },
    { what: "not a number", type: "number", value: Number.NaN, message: "value: expected a number, found number NaN" },
    {
      what: "a text for a list",
      type: ["map", ["list", "string"]],
      value: { k: "x" },
      message: '["k"]: expected a list, found string x',
    },
  ])("fails on $what and says where", ({ type, value, message }) => {
    expect(() => encodeValue(type, value)).toThrow(message);
  });
});

describe("values from a state file", () => {
  const type: CtyType = ["object", { n: "number", s: "string", list: ["set", "number"], d: "dynamic" }];
  const read = (json: string) => valueFromJson(type, parseStateJson(Buffer.from(json)));

  test("keep every digit of a number, and digits in a text", () => {
    const value = read('{"n":12345678901234567890123,"s":"\\"12345678901234567890","list":[0.10000000000000000001]}');
    expect(value).toEqual({
      n: new Decimal("12345678901234567890123"),
      s: '"12345678901234567890',
      list: [new Decimal("0.10000000000000000001")],
    });
  });

  test("lose attributes that the schema no longer has, and have null for new ones", () => {
    expect(read('{"gone":1,"s":"x"}')).toEqual({ s: "x" });
  });

  test("read dynamic values with their type", () => {
    expect(read('{"d":{"type":["list","bool"],"value":[true]}}')).toEqual({ d: new Dynamic(["list", "bool"], [true]) });
  });

  test.each<{ type: CtyType; json: string; path: readonly unknown[]; summary: string }>([
    { type, json: '{"list":{"a":1}}', path: ["list"], summary: "list: the state holds an object, not a list" },
    { type, json: '{"list":[true]}', path: ["list"], summary: "list: the state holds a boolean, not a number" },
    { type, json: '{"n":"twelve"}', path: ["n"], summary: "n: the state holds a text, not a number" },
    { type, json: '{"s":7}', path: ["s"], summary: "s: the state holds a number, not a text" },
    { type, json: '{"d":[]}', path: ["d"], summary: "d: the state holds a list, not an object" },
    { type, json: "[]", path: [], summary: "resource: the state holds a list, not an object" },
    {
      type: ["object", { files: ["map", ["list", "bool"]] }],
      json: '{"files":{"a":[1]}}',
      path: ["files", { key: "a" }, 0],
      summary: 'files["a"][0]: the state holds a number, not a boolean',
    },
  ])("fail where $summary", ({ type: wanted, json, path, summary }) => {
    expect(() => valueFromJson(wanted, parseStateJson(Buffer.from(json)))).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ severity: "error", summary, path })] }),
    );
  });
});
