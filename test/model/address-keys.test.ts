import fc from "fast-check";
import { addressKey, groupKey, principalKey, promotionKey, roleKey, serviceKey } from "../../lib/model/address-keys";

test.each([
  { thing: "a role", key: roleKey("roles/cloudbuild.builds.editor"), expected: "cloudbuild_builds_editor" },
  { thing: "a custom role", key: roleKey("projects/p/roles/My.Role"), expected: "projects__p__roles__My_Role" },
  { thing: "a service", key: serviceKey("storage-api.googleapis.com"), expected: "storage-api" },
  { thing: "a principal", key: principalKey("group:build@example.org"), expected: "group__build__example_org" },
  { thing: "a group", key: groupKey("oncall@example.org", "example.org"), expected: "oncall" },
  { thing: "a group elsewhere", key: groupKey("oncall@example.com", "example.org"), expected: "oncall__example_com" },
  {
    thing: "a promotion",
    key: promotionKey("manifests/kops/1.36.2.yaml", { bucket: "prod", prefix: "binaries/kops/" }),
    expected: "_1_36_2__to__prod__binaries__kops",
  },
])("$thing is named $expected", ({ key, expected }) => {
  expect(key).toBe(expected);
});

test("names with other characters are told apart by a hash", () => {
  const keys = ["a b", "a+b", "a_b", "a:b", "A-b", "a-b", "a.b"].map((part) => addressKey(part));

  expect(new Set(keys).size).toBe(keys.length);
});

test("destinations whose folders hold odd dots are told apart", () => {
  const prefixes = ["a/b/", "a.b/", "a..b/", "a./b/", "a/.b/", "a._b/"];
  const keys = prefixes.map((prefix) => promotionKey("manifests/kops/1.yaml", { bucket: "prod", prefix }));

  expect(new Set(keys).size).toBe(keys.length);
});

test("any text becomes a name that Terraform accepts, and that is no structure of the tree", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 3 }), (parts) => {
      expect(addressKey(...parts)).toMatch(/^[a-z_][A-Za-z0-9_-]*$/);
    }),
  );
});
