import { check } from "../../lib/promotion/engine";
import { compareNames } from "../../lib/promotion/listing";
import { splitRanges } from "../../lib/promotion/ranges";
import { FakeStorage } from "./support/fake-storage";
import { filestores, hasty, manifest, request } from "./support/requests";

const sorted = (names: readonly string[]) => [...names].sort(compareNames);

describe("splitRanges", () => {
  test.each([
    { names: ["a", "b"], where: "side by side" },
    { names: ["SHA256SUMS", "darwin/arm64/a", "linux/amd64/a", "linux/arm64/b"], where: "below a version" },
  ])("a handful of new files $where needs one listing of their common directory", ({ names }) => {
    const wanted = names.map((name) => `kops/1.36.2/${name}`);

    expect(splitRanges("kops/", wanted)).toEqual([
      { prefix: "kops/1.36.2/", from: wanted[0], before: `${wanted.at(-1)} ` },
    ]);
  });

  test("files in directories of no version, or of several, need a listing of each", () => {
    const names = ["k/1.36.2/a/x", "k/1.36.2/b/x", "k/1.36.3/a/x", "latest/a/x", "latest/b/x"];

    expect(splitRanges("", names).map(({ prefix }) => prefix)).toEqual([
      "k/1.36.2/",
      "k/1.36.3/",
      "latest/a/",
      "latest/b/",
    ]);
  });

  test("files beside a large tree are asked for one by one", () => {
    expect(
      splitRanges("", sorted(["index.html", "z.txt", "k/1.36.2/a"])).map(({ prefix, from }) => [prefix, from]),
    ).toEqual(
      [
        ["", "index.html"],
        ["k/1.36.2/", "k/1.36.2/a"],
        ["", "z.txt"],
      ].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    );
  });

  test("many directories become listings of their parents, cut into ranges of about a page", () => {
    const names = sorted(Array.from({ length: 5000 }, (_, n) => `kops/1.${n}.0/kops`));
    const ranges = splitRanges("kops/", names);

    expect(ranges).toHaveLength(5);
    expect(new Set(ranges.map(({ prefix }) => prefix))).toEqual(new Set(["kops/"]));
  });

  test("every name lies in exactly one range of its own listing", () => {
    const names = sorted(["a", "a/b", "a/b/c", "a b", "b/é", "b/z", "b/\u{1f600}", "b/\uffee", "c/d/e/f/g"]);
    const ranges = splitRanges("", names);
    for (const name of names) {
      const holding = ranges.filter(
        ({ prefix, from, before }) =>
          name.startsWith(prefix) && compareNames(from, name) <= 0 && compareNames(name, before) < 0,
      );
      expect([name, holding.length]).toEqual([name, expect.any(Number)]);
      expect(holding.length).toBeGreaterThanOrEqual(1);
    }
  });
});

test("names are ordered as services order them, by code point", () => {
  const names = ["b/\uffee", "b/\u{1f600}", "b/é", "a", "a/b", "a b"];
  const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

  expect(sorted(names)).toEqual(byBytes);
});

describe("listings", () => {
  const directory = filestores("gs://staging", "gs://prod/p");
  const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`1.${n}.0/kops`, "x"]));

  test("are followed page by page: more than five thousand objects", async () => {
    const storage = new FakeStorage().bucket("staging").bucket("prod");
    for (const name of Object.keys(files(5500))) storage.put("staging", name, "x");
    for (let n = 0; n < 3000; n += 1) storage.put("prod", `p/1.${n}.0/neighbour-${n}`, "y");

    const { summary } = await check(request(directory, manifest(files(5500))), {
      identity: "anonymous",
      connect: storage.connect,
      retry: hasty,
    });

    expect(summary).toMatchObject({ verified: 5500, failed: 0 });
  });

  test("are shared by all manifests of a destination", async () => {
    const storage = new FakeStorage().bucket("staging").bucket("prod");
    const manifests = Array.from({ length: 300 }, (_, n) => manifest({ [`1.${n}.0/kops`]: "x" }, String(n)));
    for (let n = 0; n < 300; n += 1) storage.put("staging", `1.${n}.0/kops`, "x");

    await check(request(directory, ...manifests), { identity: "anonymous", connect: storage.connect, retry: hasty });

    expect(storage.count("list")).toBe(2);
  });

  test("without metadata are completed for what is wanted, and only for that", async () => {
    const storage = new FakeStorage().bucket("staging").bucket("prod");
    storage.listsMetadata = false;
    storage.put("staging", "1.36.2/kops", "x");
    for (let n = 0; n < 50; n += 1) storage.put("staging", `1.36.2/other-${n}`, "x");

    await check(request(directory, manifest({ "1.36.2/kops": "x" })), {
      identity: "anonymous",
      connect: storage.connect,
      retry: hasty,
    });

    expect(storage.count("stat")).toBe(1);
  });
});

test("a hundred thousand lines in 2,500 manifests take a listing for each thousand, and each ends with an outcome", async () => {
  const storage = new FakeStorage().bucket("staging").bucket("prod");
  storage.pageSize = 100_000;
  const empty = filestores("gs://staging", "gs://prod/p");
  const asked = Array.from({ length: 2500 }, (_, m) => {
    const names = Array.from({ length: 40 }, (_, n) => [`v1.${m}.0/linux/amd64/file-${n}`, "x"]);
    return manifest(Object.fromEntries(names), `v1.${m}.0`);
  });
  const options = { identity: "anonymous", connect: storage.connect, retry: hasty } as const;
  const { outcomes, summary } = await check(request(empty, ...asked), options);

  expect(outcomes.length).toBe(100_000);
  expect(summary.failed).toBe(100_000);
  // Of the destination and of the source, and one more to look for what the lines may mean.
  expect(storage.count("list")).toBeLessThanOrEqual(100 + 100 + 1);
});
