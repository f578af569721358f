import { groupIsAllowed } from "../../lib/model/rules/restrictions";

const at = { file: "groups/restrictions.yaml", line: 1, column: 1 };

function allowed(path: string, email: string, ...entries: readonly [string, ...string[]][]): boolean {
  const restrictions = entries.map(([glob, ...allowedGroups]) => ({ path: glob, allowedGroups, at }));
  return groupIsAllowed(restrictions, path, email);
}

test("the first entry whose path matches decides, also when it allows nothing", () => {
  expect(allowed("sig-a/groups.yaml", "x@example.org", ["sig-a/groups.yaml", "^x@example.org$"], ["**/*"])).toBe(true);
  expect(allowed("sig-a/groups.yaml", "x@example.org", ["**/*"], ["sig-a/groups.yaml", "^x@example.org$"])).toBe(false);
});

test("without an entry for the file every group is allowed, as in the original", () => {
  expect(allowed("sig-b/groups.yaml", "x@example.org", ["sig-a/groups.yaml"])).toBe(true);
  expect(allowed("sig-b/groups.yaml", "x@example.org")).toBe(true);
});

test.each([
  { expression: "^k8s-infra-a@example.org$", email: "k8s-infra-a@example.org", is: true },
  { expression: "^k8s-infra-a@example.org$", email: "k8s-infra-a@exampleXorg", is: true },
  { expression: "^k8s-infra-a@example\\.org$", email: "k8s-infra-a@exampleXorg", is: false },
  { expression: "^k8s-infra-a@example.org$", email: "k8s-infra-ab@example.org", is: false },
  { expression: "infra", email: "k8s-infra-a@example.org", is: true },
  { expression: "^infra", email: "k8s-infra-a@example.org", is: false },
  { expression: "^k8s-infra-[a-z-]+@example\\.org$", email: "k8s-infra-some-thing@example.org", is: true },
  { expression: "^(a|b)@example.org$", email: "c@example.org", is: false },
  { expression: "(?i)^A@EXAMPLE.ORG$", email: "a@example.org", is: true },
  { expression: "^k8s-infra-[a-z]{1,1000}@", email: "k8s-infra-a@example.org", is: true },
  { expression: "", email: "a@example.org", is: true },
])("$expression on $email: $is, as Go's MatchString", ({ expression, email, is }) => {
  expect(allowed("f", email, ["f", expression])).toBe(is);
});

test("an expression that is none lets nothing through", () => {
  expect(allowed("f", "a@example.org", ["f", "(?=a)"])).toBe(false);
});
