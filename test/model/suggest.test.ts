import * as fc from "fast-check";
import { didYouMean, editDistance, nearest, nearestAddress, quote, quoteList } from "../../lib/model/suggest";

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["owners", "owners", 0],
    ["owner", "owners", 1],
    ["onwers", "owners", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
  ])("from %j to %j is %d", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  test("is the same in both directions, and never more than the longer text", async () => {
    await fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("nearest", () => {
  test.each([
    { value: "sha265", found: "sha256" },
    { value: "delete_after_days", found: "delete-after-days" },
    { value: "SRC", found: "src" },
    { value: "x", found: undefined },
    { value: "completely-different", found: undefined },
    { value: "a".repeat(10_000), found: undefined },
  ])("finds $found for $value", ({ value, found }) => {
    expect(nearest(value, ["sha256", "name", "delete-after-days", "src"])).toBe(found);
  });

  test("of addresses compares what stands before the @", () => {
    const groups = ["release-managers@example.org", "tools@example.org", "toolz@example.com"];

    expect(nearestAddress("toolz@example.org", groups)).toBe("tools@example.org");
    expect(nearestAddress("security@example.org", groups)).toBeUndefined();
  });
});

test("a question is asked only where something is near", () => {
  expect(didYouMean("onwers", ["owners", "members"])).toBe('Did you mean "owners"?');
  expect(didYouMean("budget", ["owners", "members"])).toBeUndefined();
});

describe("quote", () => {
  test("keeps what could fool a reader or a terminal from doing so", () => {
    expect(quote("a\u001b[31m\u202eb\u0000\n")).toBe('"a\\u001b[31m\\u202eb\\u0000\\n"');
    expect(quote("e\u0301")).toBe('"e\\u0301"');
    expect(quote("x".repeat(500))).toHaveLength(122);
  });

  test("lists values as a sentence does", () => {
    expect(quoteList([])).toBe("");
    expect(quoteList(["a"])).toBe('"a"');
    expect(quoteList(["a", "b", "c"])).toBe('"a", "b" and "c"');
  });
});
