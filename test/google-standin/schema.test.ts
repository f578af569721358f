import type { Block, NestedBlock } from "../../lib/tfplugin/schema";
import { driverEntries } from "../../sandbox/google/drivers";
import { createStandIn, folderOf } from "../../sandbox/google/provider";
import { deriveSchema } from "../../sandbox/google/schema/derive";
import { type ExtraAttribute, type RealBlock, realExtras, realProvider } from "./real-schema";

const real = realProvider();
const standIn = createStandIn({});

/** One line per attribute and block, so that a difference is a line. */
function ours({ attributes, blocks = {} }: Block, prefix = ""): readonly string[] {
  return [
    ...Object.entries(attributes).map(([name, { required, optional, computed, sensitive, ...attribute }]) =>
      line(prefix + name, "type" in attribute ? attribute.type : "nested", { required, optional, computed, sensitive }),
    ),
    ...Object.entries(blocks).flatMap(([name, inner]) => [
      `${prefix}${name} {} ${inner.nesting} ${inner.min ?? 0}..${one(inner.max ?? 0)}`,
      ...ours(inner, `${prefix}${name}.`),
    ]),
  ];
}

function theirs({ attributes = {}, block_types = {} }: RealBlock, prefix = ""): readonly string[] {
  return [
    ...Object.entries(attributes).map(([name, { type, required, optional, computed, sensitive }]) =>
      line(prefix + name, type, { required, optional, computed, sensitive }),
    ),
    ...Object.entries(block_types).flatMap(([name, { nesting_mode, min_items, max_items, block }]) => [
      `${prefix}${name} {} ${nesting_mode} ${min_items ?? 0}..${one(max_items ?? 0)}`,
      ...theirs(block, `${prefix}${name}.`),
    ]),
  ];
}

/** The bindings know only whether there is one or many. */
function one(max: number): string {
  return max === 1 ? "1" : "many";
}

function line(path: string, type: unknown, flags: Readonly<Record<string, boolean | undefined>>): string {
  const set = Object.entries(flags).flatMap(([name, value]) => (value ? [name] : []));
  return `${path} ${JSON.stringify(type)} ${set.join(" ")}`;
}

const recorded = Object.keys(real?.resource_schemas ?? {});
const compared = standIn.resources.filter(({ type }) => recorded.includes(type));
const comparedSources = (standIn.dataSources ?? []).filter(({ type }) => type in (real?.data_source_schemas ?? {}));

// Without the recorded schema (set ARTIFACTS_SHARED to its folder) the comparisons are listed as skipped.
const withRecord = real === undefined ? describe.skip : describe;

withRecord("the stand-in's schema is the one recorded from hashicorp/google 6.50.0", () => {
  test("for the provider block", () => {
    expect([...ours(standIn.schema ?? { attributes: {} })].sort()).toEqual(
      [...theirs(real?.provider.block ?? {})].sort(),
    );
  });

  test.each(compared.map(({ type, schema }) => ({ type, schema })))("for $type", ({ type, schema }) => {
    const expected = real?.resource_schemas[type];
    expect([...ours(schema)].sort()).toEqual([...theirs(expected?.block ?? {})].sort());
    expect(schema.version).toBe(expected?.version);
  });

  test.each(comparedSources.map(({ type, schema }) => ({ type, schema })))("for data $type", ({ type, schema }) => {
    expect([...ours(schema)].sort()).toEqual([...theirs(real?.data_source_schemas[type]?.block ?? {})].sort());
  });

  test("and more than a dozen types are compared", () => {
    expect(compared.length).toBeGreaterThan(12);
    expect(comparedSources.length).toBe(3);
  });
});

withRecord("what the stand-in adds to the derived schema is what the real provider does", () => {
  const extras = realExtras();
  const known = driverEntries.filter(({ type }) => type in extras);

  test.each(known)("$type is replaced for the same attributes", ({ type, traits }) => {
    const replacing = pathsWith(extras[type]?.schema ?? {}, ({ force_new }) => force_new === true);
    const mine = traits.forceNew ?? [];
    // A block that is replaced as a whole needs no marks inside.
    expect(replacing.filter((path) => !mine.some((own) => path === own || path.startsWith(`${own}.`)))).toEqual([]);
    expect(mine.filter((path) => !replacing.includes(path))).toEqual([]);
  });

  test.each(known)("$type has the same defaults", ({ type, traits }) => {
    const settled = pathsWith(extras[type]?.schema ?? {}, (attribute) => attribute.default !== undefined);
    const mine = Object.keys(traits.defaults ?? {});
    expect(mine.filter((path) => !settled.includes(path))).toEqual([]);
    // Computed in the plan, where the real provider has a text that stands for "not known".
    const computed = "detect_md5hash";
    expect(settled.filter((path) => !mine.includes(path) && path !== computed)).toEqual([]);
  });
});

function pathsWith(
  schema: Readonly<Record<string, ExtraAttribute>>,
  wanted: (attribute: ExtraAttribute) => boolean,
  prefix = "",
): readonly string[] {
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const { schema: inner } = (attribute.elem ?? {}) as { readonly schema?: Readonly<Record<string, ExtraAttribute>> };
    const nested = inner ?? (attribute.elem as Readonly<Record<string, ExtraAttribute>> | undefined) ?? {};
    return [
      ...(wanted(attribute) ? [prefix + name] : []),
      ...(typeof nested === "object" ? pathsWith(nested, wanted, `${prefix}${name}.`) : []),
    ];
  });
}

describe("a schema derived from the bindings", () => {
  const bucket = deriveSchema("storage-bucket");

  test("tells required, optional and computed attributes apart", () => {
    expect(bucket.attributes.name).toEqual({ type: "string", required: true });
    expect(bucket.attributes.project).toEqual({ type: "string", optional: true, computed: true });
    expect(bucket.attributes.labels).toEqual({ type: ["map", "string"], optional: true });
    expect(bucket.attributes.self_link).toEqual({ type: "string", computed: true });
  });

  test("tells lists from sets, and blocks of which there is one from those of which there are many", () => {
    const nesting = ({ nesting: kind, max }: NestedBlock = { nesting: "map", attributes: {} }) => [kind, max];
    expect(nesting(bucket.blocks?.lifecycle_rule)).toEqual(["list", undefined]);
    expect(nesting(bucket.blocks?.lifecycle_rule?.blocks?.condition)).toEqual(["set", 1]);
    expect(nesting(bucket.blocks?.timeouts)).toEqual(["single", undefined]);
  });

  test("has no attribute of a type that could not be told", () => {
    const lost = driverEntries.flatMap(({ type }) =>
      ours(deriveSchema(folderOf(type))).filter((one) => one.includes('"dynamic"')),
    );
    expect(lost).toEqual([]);
  });

  test("fails for something that is no resource", () => {
    expect(() => deriveSchema("no-such-thing")).toThrow("no-such-thing");
  });
});
