import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredObject } from "../../lib/cloud/object-store";
import { openCache } from "../../lib/promotion/cache";
import { check, promote } from "../../lib/promotion/engine";
import type { Connect } from "../../lib/promotion/types";
import { FakeStorage } from "./support/fake-storage";
import { filestores, hasty, manifest, request, statuses } from "./support/requests";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const object: StoredObject = { bucket: "staging", name: "kops", generation: "7", size: 3, crc32c: "AAAAAA==" };
const digests = { size: 3, sha256: "a".repeat(64), sha512: "b".repeat(128), crc32c: "AAAAAA==" };

test("what was learnt is there for the next process", () => {
  openCache(folder).add("https://storage", object, digests);

  expect(openCache(folder).find("https://storage", object)).toEqual(digests);
});

test.each<[string, string, Partial<StoredObject>]>([
  ["another generation", "https://storage", { generation: "8" }],
  ["another bucket", "https://storage", { bucket: "prod" }],
  ["another name", "https://storage", { name: "nodeup" }],
  ["another service", "http://127.0.0.1:1", {}],
  ["another size", "https://storage", { size: 4 }],
  ["another checksum", "https://storage", { crc32c: "BBBBBB==" }],
])("nothing is known of %s", (_, endpoint, other) => {
  openCache(folder).add("https://storage", object, digests);

  expect(openCache(folder).find(endpoint, { ...object, ...other })).toBeUndefined();
});

test("a file that was copied to another bucket's name is not believed", () => {
  openCache(folder).add("https://storage", object, digests);
  const [mine = ""] = readdirSync(folder);
  const text = readFileSync(join(folder, mine), "utf8");
  openCache(folder).add("https://storage", { ...object, bucket: "prod", name: "other" }, digests);
  const theirs = readdirSync(folder).find((name) => name !== mine) ?? "";
  writeFileSync(join(folder, theirs), text);

  expect(openCache(folder).find("https://storage", { ...object, bucket: "prod" })).toBeUndefined();
});

test("a folder that anybody may write to is neither believed nor used", () => {
  openCache(folder).add("https://storage", object, digests);
  chmodSync(folder, 0o777);
  const cache = openCache(folder);
  cache.add("https://storage", { ...object, bucket: "prod" }, digests);

  expect(cache.find("https://storage", object)).toBeUndefined();
  expect(readdirSync(folder)).toHaveLength(1);
});

test("lines that are cut off, strange or wrong are skipped", () => {
  openCache(folder).add("https://storage", object, digests);
  const [file = ""] = readdirSync(folder);
  appendFileSync(join(folder, file), 'null\n{}\n["x","1",3,"zz","",""]\nnonsense\n["kops","9",3,"aaaa');

  const cache = openCache(folder);

  expect(cache.find("https://storage", object)).toEqual(digests);
  expect(cache.find("https://storage", { ...object, generation: "9" })).toBeUndefined();
});

test("what is learnt after a line that was cut off is kept", () => {
  openCache(folder).add("https://storage", object, digests);
  const [file = ""] = readdirSync(folder);
  appendFileSync(join(folder, file), '["kops","9",3,"aaaa');

  const running = [openCache(folder), openCache(folder)];
  for (const [index, cache] of running.entries()) {
    cache.add("https://storage", { ...object, name: `after-${index}` }, digests);
  }

  for (const name of ["kops", "after-0", "after-1"]) {
    expect(openCache(folder).find("https://storage", { ...object, name })).toEqual(digests);
  }
});

test("a file keeps its newer half when it has grown too large", () => {
  openCache(folder).add("https://storage", object, digests);
  const [file = ""] = readdirSync(folder);
  const line = (n: number) => JSON.stringify([`file-${n}`, "7", 3, digests.sha256, digests.sha512, digests.crc32c]);
  appendFileSync(join(folder, file), `${Array.from({ length: 150_000 }, (_, n) => line(n)).join("\n")}\n`);

  const again = openCache(folder);
  expect(again.find("https://storage", { ...object, name: "file-149999" })).toEqual(digests);
  expect(again.find("https://storage", { ...object, name: "file-0" })).toBeUndefined();
  expect(statSync(join(folder, file)).size).toBeLessThan(32 * 1024 * 1024);
});

test("a file of gigabytes is not read as a whole", () => {
  openCache(folder).add("https://storage", object, digests);
  const [file = ""] = readdirSync(folder);
  truncateSync(join(folder, file), 3 * 1024 ** 3);
  openCache(folder).add("https://storage", object, digests);

  expect(openCache(folder).find("https://storage", object)).toEqual(digests);
  expect(statSync(join(folder, file)).size).toBeLessThan(32 * 1024 * 1024);
});

test.each<[string, (file: string, moved: string) => void]>([
  ["a pipe", (file) => execFileSync("mkfifo", [file])],
  ["a link", (file, moved) => symlinkSync(moved, file)],
  ["a folder", (file) => mkdirSync(file)],
])("%s in the place of a file is neither read nor written", (_, put) => {
  const running = openCache(folder);
  running.add("https://storage", object, digests);
  const [name = ""] = readdirSync(folder);
  const [file, moved] = [join(folder, name), join(folder, "moved")];
  renameSync(file, moved);
  put(file, moved);
  const text = readFileSync(moved, "utf8");
  for (const cache of [running, openCache(folder)]) cache.add("https://storage", { ...object, name: "new" }, digests);

  expect(openCache(folder).find("https://storage", object)).toBeUndefined();
  expect(readFileSync(moved, "utf8")).toBe(text);
});

test.each([
  { what: "a file", path: () => join(folder, "file") },
  { what: "a folder below a file", path: () => join(folder, "file/a/b") },
  { what: "a folder that the system lets nobody make", path: () => "/proc/nope/a" },
])("$what in place of the folder is no reason to fail", ({ path }) => {
  writeFileSync(join(folder, "file"), "");
  const cache = openCache(path());

  cache.add("https://storage", object, digests);

  expect(cache.find("https://storage", object)).toBeUndefined();
});

test("a folder below others that are not there yet is made, for nobody else", () => {
  const deep = join(folder, "a/b");
  openCache(deep).add("https://storage", object, digests);

  expect(openCache(deep).find("https://storage", object)).toEqual(digests);
  expect([join(folder, "a"), deep].map((made) => statSync(made).mode & 0o777)).toEqual([0o700, 0o700]);
});

describe("a promotion with a cache", () => {
  const directory = filestores("gs://staging", "gs://prod/p");

  function world(): FakeStorage {
    const storage = new FakeStorage().bucket("staging").bucket("prod");
    storage.put("staging", "kops", "bytes");
    return storage;
  }

  test("hashes nothing that the check before it has hashed", async () => {
    const storage = world();
    const options = { identity: "ambient", connect: storage.connect, retry: hasty, cacheDir: folder } as const;
    await check(request(directory, manifest({ kops: "bytes" })), options);

    const plan = await promote(request(directory, manifest({ kops: "bytes" })), options);

    expect(statuses(plan)).toEqual(["kops: copied"]);
    expect(storage.count("read")).toBe(1);
    expect(plan.summary.bytesRead).toBe(0);
  });

  test("reads an object again that has become another one", async () => {
    const storage = world();
    const options = { identity: "ambient", connect: storage.connect, retry: hasty, cacheDir: folder } as const;
    await check(request(directory, manifest({ kops: "bytes" })), options);
    storage.put("staging", "kops", "evil!");

    const plan = await promote(request(directory, manifest({ kops: "bytes" })), options);

    expect(statuses(plan)).toEqual(["kops: hash-differs"]);
  });

  test("reads an object of another tool once, not at every run", async () => {
    const storage = world();
    storage.put("prod", "p/kops", "bytes");
    const options = { identity: "ambient", connect: storage.connect, retry: hasty, cacheDir: folder } as const;

    await promote(request(directory, manifest({ kops: "bytes" })), options);
    await promote(request(directory, manifest({ kops: "bytes" })), options);

    expect(storage.count("read")).toBe(1);
  });

  test("looks up nothing in S3 that it has uploaded or read, and what has changed since", async () => {
    const [storage, s3] = [world(), new FakeStorage("s3").bucket("east")];
    s3.listsMetadata = false;
    s3.put("east", "read", "other tool's");
    storage.put("staging", "read", "other tool's");
    const connect: Connect = (scheme, ...more) => (scheme === "s3" ? s3 : storage).connect(scheme, ...more);
    const options = { identity: "ambient", connect, retry: hasty, cacheDir: folder } as const;
    const again = () =>
      promote(
        request(filestores("gs://staging", "s3://east"), manifest({ kops: "bytes", read: "other tool's" })),
        options,
      );
    await again();
    s3.calls.length = 0;

    expect(statuses(await again())).toEqual(["kops: published", "read: published"]);
    expect(s3.count("stat") + s3.count("read")).toBe(0);

    s3.put("east", "kops", "evil!");
    expect(statuses(await again())).toEqual(["kops: destination-differs", "read: published"]);
    expect(s3.count("stat")).toBe(1);
  });

  test("works the same when the folder is deleted", async () => {
    const storage = world();
    const options = { identity: "ambient", connect: storage.connect, retry: hasty, cacheDir: folder } as const;
    await check(request(directory, manifest({ kops: "bytes" })), options);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);

    expect(statuses(await promote(request(directory, manifest({ kops: "bytes" })), options))).toEqual(["kops: copied"]);
  });
});
