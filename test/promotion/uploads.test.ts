import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreError } from "../../lib/cloud/object-store";
import { check, promote } from "../../lib/promotion/engine";
import type { PromotionOptions } from "../../lib/promotion/types";
import { FakeStorage } from "./support/fake-storage";
import { filestore, filestores, hasty, manifest, request, sha256, statuses } from "./support/requests";

const KiB = 1024;
const name = "v1.0.0/tool";
const small = Buffer.alloc(100 * KiB, "small");
const large = Buffer.alloc(3000 * KiB, "large ");

/** Of the bound on bytes in flight a quarter is what one object may take: `large` is beyond it. */
const maxBytesInFlight = 1024 * KiB;

const everywhere = filestores("gs://staging/r/", "gs://prod/", "s3://east/tools/", "s3://west/tools/");

let gs: FakeStorage;
let s3: FakeStorage;

beforeEach(() => {
  gs = new FakeStorage().bucket("staging").bucket("prod");
  s3 = new FakeStorage("s3").bucket("east").bucket("west");
});

function run(bytes: Buffer, promised: string | Buffer = bytes, more: Partial<PromotionOptions> = {}) {
  if (gs.get("staging", `r/${name}`) === undefined) gs.put("staging", `r/${name}`, bytes);
  return promote(request(everywhere, manifest({ [name]: promised })), options(more));
}

function options(more: Partial<PromotionOptions>): PromotionOptions {
  const connect: PromotionOptions["connect"] = (scheme, ...rest) =>
    (scheme === "gs" ? gs : s3).connect(scheme, ...rest);
  return { connect, identity: "ambient", retry: hasty, maxBytesInFlight, ...more };
}

describe.each([
  { size: "small", bytes: small },
  { size: "large", bytes: large },
])("a $size file on its way to Cloud Storage and to two buckets in S3", ({ bytes }) => {
  test("is read once", async () => {
    const told: unknown[] = [];
    const onEvent: PromotionOptions["onEvent"] = (event) => event.type === "resolved" && told.push(event.pendingBytes);
    const plan = await run(bytes, bytes, { onEvent });

    expect(told).toEqual([bytes.length]);

    expect(statuses(plan)).toEqual(Array(3).fill(`${name}: copied`));
    expect(plan.summary.bytesRead).toBe(bytes.length);
    expect(gs.count("read")).toBe(1);
    for (const bucket of ["east", "west"]) {
      expect(s3.content(bucket, `tools/${name}`)).toBe(bytes.toString());
      expect(s3.get(bucket, `tools/${name}`)?.metadata).toMatchObject({
        sha256: sha256(bytes),
        size: `${bytes.length}`,
      });
    }
  });

  test("is created nowhere if it is not what the manifest promises", async () => {
    const plan = await run(bytes, "other bytes");

    expect(statuses(plan)).toEqual(Array(3).fill(`${name}: hash-differs`));
    expect(s3.history).toEqual([]);
    expect(gs.count("read")).toBe(1);
  });

  test("is read again, and right in the end, after a byte was corrupted on its way", async () => {
    let isFirst = true;
    gs.corrupt = (piece) => {
      if (isFirst) piece[0] = (piece[0] ?? 0) ^ 1;
      isFirst = false;
      return piece;
    };
    const plan = await run(bytes);

    expect(statuses(plan)).toEqual(Array(3).fill(`${name}: copied`));
    expect(gs.count("read")).toBe(2);
    expect(s3.history.map(({ size }) => size)).toEqual([bytes.length, bytes.length]);
    expect(s3.content("west", `tools/${name}`)).toBe(bytes.toString());
  });

  test("is created nowhere if it never arrives as its own checksum says", async () => {
    gs.corrupt = (piece) => piece.fill(0);
    const plan = await run(bytes);

    expect(statuses(plan)).toEqual(Array(3).fill(`${name}: corrupt`));
    expect(s3.history).toEqual([]);
    expect(gs.names("prod")).toEqual([]);
  });

  test("goes to the others when one destination refuses it", async () => {
    s3.disturb = (call, { bucket }) => {
      if (call === "write" && bucket === "east") throw new StoreError("forbidden", "s3://east: 403");
    };
    expect(statuses(await run(bytes))).toEqual([`${name}: copied`, `${name}: destination-refused`, `${name}: copied`]);
  });

  test("is not sent to a destination that says beforehand that it takes nothing", async () => {
    s3.disturb = (call, { bucket }) => {
      if (call === "checkWritable" && bucket === "east") throw new StoreError("forbidden", "s3://east: 403");
    };
    expect(statuses(await run(bytes))).toEqual([`${name}: copied`, `${name}: destination-refused`, `${name}: copied`]);
    expect(s3.calls.filter(({ call, bucket }) => call === "write" && bucket === "east")).toEqual([]);
    expect(gs.count("read")).toBe(1);
  });

  test("stays what another writer has made of it meanwhile", async () => {
    s3.disturb = (call, { bucket }, attempt) => {
      if (call === "write" && attempt === 1) s3.put(bucket, `tools/${name}`, bucket === "east" ? bytes : "theirs");
    };
    expect(statuses(await run(bytes))).toEqual([
      `${name}: copied`,
      `${name}: published`,
      `${name}: destination-differs`,
    ]);
    expect(s3.content("west", `tools/${name}`)).toBe("theirs");
  });
});

describe("the SHA-512 of an object in S3", () => {
  const recorded = () => s3.get("east", `tools/${name}`)?.metadata?.sha512;

  test("stands beside the bytes of a small file, and of a large one that was hashed before", async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), "uploads-"));
    try {
      await run(small);
      expect(recorded()).toMatch(/^[0-9a-f]{128}$/);

      s3.bucket("east").bucket("west");
      gs.bucket("prod").put("staging", `r/${name}`, large);
      const before = await check(request(everywhere, manifest({ [name]: large })), options({ cacheDir }));
      expect(before.summary.verified).toBe(3);
      await run(large, large, { cacheDir });
      expect(recorded()).toMatch(/^[0-9a-f]{128}$/);
    } finally {
      rmSync(cacheDir, { recursive: true, force: true });
    }
  });

  test("is left out of a large file's that nobody has hashed before: S3 wants it before the first byte", async () => {
    await run(large);
    expect(recorded()).toBeUndefined();
  });
});

test("many large files share what memory there is", async () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`v1/${index}`, `${index}${large}`]));
  for (const [path, bytes] of Object.entries(files)) gs.put("staging", `r/${path}`, bytes);
  const plan = await promote(request(everywhere, manifest(files)), options({ maxRequests: 2 }));

  expect(plan.summary).toMatchObject({ copied: 36, failed: 0, bytesRead: plan.summary.bytes / 3 });
});

test("an account that may not read the source fails its own destination and no other", async () => {
  const account = (email: string) => ({ serviceAccount: email });
  const directory = filestores(
    "gs://staging/r/",
    filestore("gs://prod/a/", account("a@x")),
    filestore("gs://prod/b/", account("b@x")),
  );
  gs.put("staging", `r/${name}`, small);
  gs.disturb = (call) => {
    const { identity } = gs.calls.at(-1) ?? {};
    if (call === "read" && identity === "a@x") throw new StoreError("forbidden", "gs://staging: 403");
  };
  const plan = await promote(
    request(directory, manifest({ [name]: small })),
    options({ identity: "accounts", allowedServiceAccounts: "any" }),
  );

  expect(statuses(plan)).toEqual([`${name}: source-unreadable`, `${name}: copied`]);
});
