import fc from "fast-check";
import { Collection, compareUtf8 } from "../../sandbox/state/collection";
import { listPage, listQuery } from "../../sandbox/storage/listing";
import type { ObjectRecord } from "../../sandbox/storage/records";
import { type Caller, withSandbox } from "./support";

const names = ["a/1", "a/2", "a/b/3", "b", "c/", "c/x", "d"];
const sandbox = withSandbox({
  buckets: [
    { name: "shelf", project: "estate" },
    { name: "many", project: "estate" },
  ],
  objects: [
    ...names.map((name) => ({ bucket: "shelf", name, text: name })),
    { bucket: "many", name: "n{i}", count: 2_345, text: "" },
  ],
});
const list = async (query: string) => (await sandbox().owner.get(`/storage/v1/b/shelf/o?${query}`)).json;
const namesOf = ({ items = [] }: { items?: { name: string }[] }) => items.map(({ name }) => name);

describe("a listing", () => {
  test.each([
    ["", names, undefined],
    ["prefix=a/", ["a/1", "a/2", "a/b/3"], undefined],
    ["delimiter=/", ["b", "d"], ["a/", "c/"]],
    ["delimiter=/&prefix=a/", ["a/1", "a/2"], ["a/b/"]],
    ["delimiter=/&includeTrailingDelimiter=true", ["b", "c/", "d"], ["a/", "c/"]],
    ["startOffset=b&endOffset=c/x", ["b", "c/"], undefined],
    ["startOffset=a/2&prefix=a/", ["a/2", "a/b/3"], undefined],
    ["matchGlob=**/3", ["a/b/3"], undefined],
    ["matchGlob=a/*", ["a/1", "a/2"], undefined],
    ["matchGlob=*", ["b", "d"], undefined],
    ["matchGlob=a**", ["a/1", "a/2", "a/b/3"], undefined],
    ["matchGlob=c/**", ["c/", "c/x"], undefined],
    ["matchGlob=[!b-c]?[12]", [], undefined],
    ["matchGlob=[!b-c]/[12]", ["a/1", "a/2"], undefined],
    ["matchGlob={a/b/?,d}", ["a/b/3", "d"], undefined],
    ["matchGlob=**.**", [], undefined],
    ["prefix=zzz", [], undefined],
  ])("with %s", async (query, expected, prefixes) => {
    const answer = await list(query);

    expect(namesOf(answer)).toEqual(expected);
    expect(answer.prefixes).toEqual(prefixes);
  });

  test("with a glob of many stars holds nobody up", async () => {
    await sandbox().owner.upload("many", "a".repeat(40), "x");
    const started = performance.now();

    const { json } = await sandbox().owner.get(`/storage/v1/b/many/o?prefix=a&matchGlob=${"**a".repeat(9)}b`);

    expect(json.items).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
    expect((await sandbox().owner.get("/storage/v1/b/many/o?matchGlob=[z-a]")).status).toBe(400);
    await sandbox().owner.delete(`/storage/v1/b/many/o/${"a".repeat(40)}`);
  });

  test("gives at most a thousand a page, and all of them in the end", async () => {
    const pages: string[][] = [];
    let token = "";
    do {
      const path = `/storage/v1/b/many/o?maxResults=5000&pageToken=${encodeURIComponent(token)}`;
      const { json } = await sandbox().owner.get(path);
      pages.push(namesOf(json));
      token = json.nextPageToken ?? "";
    } while (token !== "");

    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 345]);
    expect(new Set(pages.flat()).size).toBe(2_345);
  });

  test("keeps its place when objects come and go between pages", async () => {
    const first = await list("maxResults=3");
    await sandbox().owner.delete("/storage/v1/b/shelf/o/a%2Fb%2F3");
    await sandbox().owner.upload("shelf", "a/0", "");
    const second = await list(`maxResults=3&pageToken=${encodeURIComponent(first.nextPageToken)}`);
    await sandbox().owner.upload("shelf", "a/b/3", "");
    await sandbox().owner.delete("/storage/v1/b/shelf/o/a%2F0");

    expect([namesOf(first), namesOf(second)]).toEqual([
      ["a/1", "a/2", "a/b/3"],
      ["b", "c/", "c/x"],
    ]);
  });

  test("shows only the fields that were asked for", async () => {
    expect(await list("prefix=a/1&fields=items(name,size),nextPageToken")).toEqual({
      items: [{ name: "a/1", size: "3" }],
    });
    expect(await list("prefix=b&fields=items/name")).toEqual({ items: [{ name: "b" }] });
    expect(Object.keys(await list("prefix=b&fields=*"))).toEqual(["kind", "items"]);
  });

  test.each(["pageToken=nonsense", "maxResults=-1", "maxResults=x", "fields=items(", "fields=)"])(
    "refuses %s",
    async (query) => {
      expect((await sandbox().owner.get(`/storage/v1/b/shelf/o?${query}`)).status).toBe(400);
    },
  );

  test("takes what clients written in Python send for true", async () => {
    expect((await list("delimiter=/&includeTrailingDelimiter=True&prefix=c")).items).toHaveLength(1);
    await sandbox().owner.upload("shelf", "gone", "");
    await sandbox().owner.delete("/storage/v1/b/shelf/o/gone");

    expect(namesOf(await list("softDeleted=True&prefix=gone"))).toEqual(["gone"]);
    expect((await list("softDeleted=True&versions=True")).error.code).toBe(400);
  });

  test("is the business of those who may list", async () => {
    const stranger: Caller = sandbox().owner.as("user:stranger@example.com");

    expect((await stranger.get("/storage/v1/b/shelf/o")).status).toBe(403);
    expect((await sandbox().anonymous.get("/storage/v1/b/shelf/o")).status).toBe(401);
  });
});

test("pages of any size make up the listing that a simple model makes", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 30 }),
      fc.string({ unit: fc.constantFrom("a", "/"), maxLength: 2 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 7 }),
      (all, prefix, isDelimited, maxResults) => {
        const collection = new Collection<ObjectRecord>(() => {});
        // A listing looks at nothing of a record but its name.
        for (const key of all) collection.load(key, { name: key } as ObjectRecord);
        const asked = { prefix, maxResults: String(maxResults), ...(isDelimited ? { delimiter: "/" } : {}) };
        const found: string[] = [];
        const groups: string[] = [];
        let token: string | undefined = "";
        while (token !== undefined) {
          const page = listPage(collection, listQuery(new URLSearchParams({ ...asked, pageToken: token })));
          expect(page.records.length + page.prefixes.length).toBeLessThanOrEqual(maxResults);
          found.push(...page.records.map((record) => record.name));
          groups.push(...page.prefixes);
          token = page.nextPageToken;
        }

        const within = all.filter((key) => key.startsWith(prefix)).sort(compareUtf8);
        const cut = (key: string) => (isDelimited ? key.indexOf("/", prefix.length) : -1);
        expect(found).toEqual(within.filter((key) => cut(key) === -1));
        const expected = within.filter((key) => cut(key) !== -1).map((key) => key.slice(0, cut(key) + 1));
        expect(groups).toEqual([...new Set(expected)]);
      },
    ),
  );
});
