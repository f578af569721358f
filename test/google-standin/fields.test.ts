import type { Block } from "../../lib/tfplugin/schema";
import { type Entries, UNKNOWN } from "../../lib/tfplugin/types";
import { fill, parse } from "../../sandbox/google/address";
import { fromJson, isZero, settled, toJson } from "../../sandbox/google/fields";

const block: Block = {
  attributes: {
    id: { type: "string", optional: true, computed: true },
    display_name: { type: "string", optional: true },
    size: { type: "number", optional: true },
    project: { type: "string", optional: true, computed: true },
    create_time: { type: "string", computed: true },
    tags: { type: ["set", "string"], optional: true },
    cname: { type: "string", optional: true },
  },
  blocks: {
    policy: { nesting: "list", max: 1, attributes: { is_locked: { type: "bool", optional: true } } },
    rule: { nesting: "list", attributes: { max_age: { type: "number", required: true } } },
    timeouts: { nesting: "single", attributes: { create: { type: "string", optional: true } } },
  },
};
const rules = { notFields: ["project"], names: { cname: "canonicalName" } };

const value: Entries = {
  id: "x",
  display_name: "n",
  size: 5,
  project: "p",
  create_time: "t",
  tags: ["a"],
  cname: "c",
  policy: [{ is_locked: true }],
  rule: [{ max_age: 1 }, { max_age: 2 }],
  timeouts: { create: "1m" },
};

describe("the fields of a request", () => {
  test("are the settable attributes in the API's spelling, blocks of one as objects", () => {
    expect(toJson(block, value, rules)).toEqual({
      displayName: "n",
      size: 5,
      tags: ["a"],
      canonicalName: "c",
      policy: { isLocked: true },
      rule: [{ maxAge: 1 }, { maxAge: 2 }],
    });
  });

  test("leave out what is not set and not known", () => {
    expect(toJson(block, { display_name: UNKNOWN, rule: [] }, rules)).toEqual({});
  });
});

describe("the attributes of an answer", () => {
  test("have Terraform's types, 64-bit numbers too, which Google writes as strings", () => {
    const json = {
      displayName: "n",
      size: "5",
      createTime: "t",
      canonicalName: "c",
      tags: ["a"],
      policy: { isLocked: true },
      rule: [{ maxAge: 1 }],
      somethingNew: 1,
    };
    expect(fromJson(block, json, rules)).toEqual({
      display_name: "n",
      size: 5,
      create_time: "t",
      tags: ["a"],
      cname: "c",
      policy: [{ is_locked: true }],
      rule: [{ max_age: 1 }],
    });
  });
});

describe("an attribute that is unset, to the old SDK", () => {
  test.each([undefined, "", false, 0, [], {}, { a: "" }])("may look like %j", (zero) => {
    expect(isZero(zero)).toBe(true);
  });

  test("keeps the spelling of the state, so that reading makes no difference", () => {
    expect(settled(block, { tags: [], size: 0 }, { display_name: "", tags: [], policy: [{}] })).toEqual({
      tags: [],
      size: 0,
      policy: [{}],
      rule: [],
    });
  });

  test("takes over what the API says as soon as it says something", () => {
    expect(settled(block, { size: 0 }, { size: 7, policy: [], rule: [] })).toEqual({ size: 7, policy: [], rule: [] });
  });
});

describe("addresses", () => {
  test("are filled from attributes, encoded where they are one segment", () => {
    const state = { bucket: "b", name: "team/files" };
    expect(fill("b/{bucket}/managedFolders/{name|segment}", state)).toBe("b/b/managedFolders/team%2Ffiles");
    expect(fill("{bucket}/{name}", state)).toBe("b/team/files");
  });

  test("fail where an attribute is missing", () => {
    expect(() => fill("projects/{project}", {})).toThrow("project: is needed for projects/{project}, and not set");
  });

  test("are parsed by the first form that fits", () => {
    const forms = [
      "projects/{project}/locations/{location}/repositories/{repository_id}",
      "{project}/{location}/{repository_id}",
    ];
    const parts = { project: "p", location: "us", repository_id: "images" };
    expect(parse(forms, "projects/p/locations/us/repositories/images")).toEqual(parts);
    expect(parse(forms, "p/us/images")).toEqual(parts);
    expect(() => parse(forms, "images")).toThrow("images: is no import id of this type");
  });
});
