import { defaultPlan } from "../../lib/tfplugin/plan";
import { replacements } from "../../lib/tfplugin/replacements";
import type { Block } from "../../lib/tfplugin/schema";
import { type Entries, UNKNOWN } from "../../lib/tfplugin/types";

const schema: Block = {
  attributes: {
    id: { type: "string", computed: true, stable: true },
    etag: { type: "string", computed: true },
    name: { type: "string", required: true, forceNew: true },
    zone: { type: "string", optional: true, computed: true },
    tags: { type: ["set", "string"], optional: true },
    files: {
      required: true,
      nested: {
        nesting: "map",
        attributes: { sha256: { type: "string", required: true }, generation: { type: "number", computed: true } },
      },
    },
  },
  blocks: {
    rule: {
      nesting: "set",
      attributes: { age: { type: "number", optional: true }, uid: { type: "string", computed: true } },
    },
    site: { nesting: "list", max: 1, attributes: { page: { type: "string", optional: true, forceNew: true } } },
    seal: { nesting: "list", forceNew: true, attributes: { kind: { type: "string", optional: true } } },
  },
};

const config: Entries = {
  name: "n",
  files: { a: { sha256: "aa" } },
  tags: ["x", "y"],
  rule: [{ age: 1 }],
  site: [],
  seal: [],
};
const prior: Entries = {
  ...config,
  id: "1",
  etag: "e",
  zone: "z",
  files: { a: { sha256: "aa", generation: 7 } },
  rule: [{ age: 1, uid: "u" }],
};

/** As Terraform proposes: the configuration, with prior values for computed attributes it doesn't set. */
function plan(change: Entries, proposedChange: Entries = change): Entries {
  return defaultPlan(schema, prior, { ...config, ...change }, { ...prior, ...proposedChange });
}

describe("the default plan", () => {
  test("of a new object has every computed attribute unknown, nested ones too", () => {
    expect(defaultPlan(schema, undefined, config, config)).toEqual({
      ...config,
      id: UNKNOWN,
      etag: UNKNOWN,
      zone: UNKNOWN,
      files: { a: { sha256: "aa", generation: UNKNOWN } },
      rule: [{ age: 1, uid: UNKNOWN }],
    });
  });

  test("changes nothing when nothing changes, whatever the order of sets", () => {
    expect(plan({ tags: ["y", "x"] })).toBe(prior);
  });

  test("of a change leaves computed attributes unknown, but for stable ones", () => {
    expect(plan({ tags: ["x"] })).toMatchObject({ id: "1", etag: UNKNOWN, zone: UNKNOWN });
  });

  test("keeps what the configuration sets for a computed attribute", () => {
    expect(plan({ zone: "other" })).toMatchObject({ zone: "other", etag: UNKNOWN });
  });

  test("leaves elements of a map alone that don't change", () => {
    const files = { a: { sha256: "aa", generation: 7 }, b: { sha256: "bb" } };
    expect(plan({ files: { a: { sha256: "aa" }, b: { sha256: "bb" } } }, { files }).files).toEqual({
      a: { sha256: "aa", generation: 7 },
      b: { sha256: "bb", generation: UNKNOWN },
    });
  });

  test("leaves elements of a set alone that don't change", () => {
    const planned = plan({ rule: [{ age: 2 }, { age: 1 }] }, { rule: [{ age: 2 }, { age: 1, uid: "u" }] });
    expect(planned.rule).toEqual([
      { age: 2, uid: UNKNOWN },
      { age: 1, uid: "u" },
    ]);
  });

  test("passes on collections that are unknown as a whole", () => {
    expect(plan({ files: UNKNOWN, tags: UNKNOWN, rule: UNKNOWN })).toMatchObject({
      files: UNKNOWN,
      tags: UNKNOWN,
      rule: UNKNOWN,
    });
  });

  test("passes on elements that are unknown as a whole", () => {
    expect(plan({ files: { a: UNKNOWN } }).files).toEqual({ a: UNKNOWN });
  });
});

describe("an object is replaced", () => {
  test.each<{ when: string; change: Entries; paths: unknown }>([
    { when: "an attribute marked so changes", change: { name: "m" }, paths: [["name"]] },
    { when: "it may change", change: { name: UNKNOWN }, paths: [["name"]] },
    { when: "another attribute changes", change: { zone: "b" }, paths: [] },
    { when: "a block marked so appears", change: { seal: [{ kind: "k" }] }, paths: [["seal"]] },
    { when: "an attribute in a block that was not there is set", change: { site: [{ page: "p" }] }, paths: [] },
  ])("or not, when $when", ({ change, paths }) => {
    expect(replacements(schema, prior, { ...prior, ...change })).toEqual(paths);
  });

  test("when an attribute inside a block changes, and the path says which", () => {
    const before = { ...prior, site: [{ page: "p" }] };
    expect(replacements(schema, before, { ...prior, site: [{ page: "q" }] })).toEqual([["site", 0, "page"]]);
  });
});
