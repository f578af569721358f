import { crc32c } from "@node-rs/crc32";
import { crc32cBase64 } from "../../lib/cloud/crc32c";
import { StoreError } from "../../lib/cloud/object-store";
import { check, promote, promoteResolved, resolve } from "../../lib/promotion/engine";
import type { PromotionDirectory, PromotionEvent, PromotionOptions } from "../../lib/promotion/types";
import { FakeStorage } from "./support/fake-storage";
import { filestore, filestores, hasty, manifest, request, sha256, statuses } from "./support/requests";

const kops = filestores("gs://k8s-staging-kops/kops/releases", "gs://artifacts-prod/binaries/kops");

function world(): FakeStorage {
  return new FakeStorage().bucket("k8s-staging-kops").bucket("artifacts-prod");
}

function options(storage: FakeStorage, more: Partial<PromotionOptions> = {}): PromotionOptions {
  return { identity: "ambient", connect: storage.connect, retry: hasty, ...more };
}

describe("a line", () => {
  test("is verified by a check, which writes nothing", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");

    const plan = await check(request(kops, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(statuses(plan)).toEqual(["1.36.2/kops: verified"]);
    expect(plan.summary).toMatchObject({ verified: 1, failed: 0, bytes: 5, bytesRead: 5 });
    expect(storage.names("artifacts-prod")).toEqual([]);
    expect(storage.count("copy") + storage.count("write")).toBe(0);
  });

  test("is copied with its record, type and cache headers", async () => {
    const storage = world();
    const source = storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops.tar.gz", "bytes");

    const plan = await promote(
      request(kops, manifest({ "1.36.2/kops.tar.gz": "bytes" })),
      options(storage, { commit: "abc123" }),
    );

    expect(statuses(plan)).toEqual(["1.36.2/kops.tar.gz: copied"]);
    expect(storage.content("artifacts-prod", "binaries/kops/1.36.2/kops.tar.gz")).toBe("bytes");
    expect(storage.get("artifacts-prod", "binaries/kops/1.36.2/kops.tar.gz")).toMatchObject({
      contentType: "application/gzip",
      cacheControl: "public, max-age=31536000, immutable",
      metadata: {
        sha256: sha256("bytes"),
        sha512: expect.stringMatching(/^[0-9a-f]{128}$/),
        source: "gs://k8s-staging-kops/kops/releases/1.36.2/kops.tar.gz",
        "source-generation": source.generation,
        manifest: "manifests/k8s-staging-kops/1.36.2.yaml",
        commit: "abc123",
      },
    });
  });

  test("is published after its promotion, known by its record without a read", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");
    const wanted = request(kops, manifest({ "1.36.2/kops": "bytes" }));
    await promote(wanted, options(storage));
    storage.remove("k8s-staging-kops", "kops/releases/1.36.2/kops");
    storage.calls.length = 0;

    const plan = await promote(wanted, options(storage, { inspectSources: true }));

    expect(plan.outcomes[0]?.outcome).toMatchObject({ status: "published", evidence: "record", inSource: false });
    expect(storage.calls.map(({ call }) => call)).toEqual(["list", "list"]);
  });

  test("is published when another tool wrote the same bytes, which are then read", async () => {
    const storage = world();
    storage.put("artifacts-prod", "binaries/kops/1.36.2/kops", "bytes");

    const plan = await promote(request(kops, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(plan.outcomes[0]?.outcome).toMatchObject({ status: "published", evidence: "hashed" });
  });

  test("is not believed published for a record that belongs to other bytes", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");
    const wanted = request(kops, manifest({ "1.36.2/kops": "bytes" }));
    await promote(wanted, options(storage));
    const { metadata } = storage.get("artifacts-prod", "binaries/kops/1.36.2/kops") ?? {};
    storage.put("artifacts-prod", "binaries/kops/1.36.2/kops", "BYTES", { metadata: metadata ?? {} });

    expect(statuses(await promote(wanted, options(storage)))).toEqual(["1.36.2/kops: destination-differs"]);
    expect(storage.content("artifacts-prod", "binaries/kops/1.36.2/kops")).toBe("BYTES");
  });

  test.each([
    {
      record: "the manifest's hash",
      recorded: "bytes",
      says: "came there by other means than a promotion. Find out who",
    },
    {
      record: "the hash of its bytes",
      recorded: "other",
      says: "as a promotion leaves it. New bytes need a new name.",
    },
    { record: "none", recorded: undefined, says: "nothing was written. New bytes need a new name. If a change of the" },
  ])("is never told to take the hash of an object whose record has $record", async ({ recorded, says }) => {
    const storage = world();
    const metadata =
      recorded === undefined
        ? {}
        : { sha256: sha256(recorded), crc32c: crc32cBase64(crc32c(Buffer.from(recorded))), size: "5" };
    storage.put("artifacts-prod", "binaries/kops/1.36.2/kops", "other", { metadata });

    const { outcomes } = await check(request(kops, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    const expected = { reason: "destination-differs", repair: expect.stringContaining(says) };
    expect(outcomes[0]?.outcome).toMatchObject({ status: "failed", failure: expected });
    expect(JSON.stringify(outcomes)).toContain("Restore the version that was published");
  });

  test.each(["before the run", "during the run"])(
    "is not believed published for a forged record of a bucket that others push to (%s)",
    async (when) => {
      const storage = world();
      storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");
      const forged = {
        sha256: sha256("bytes"),
        crc32c: crc32cBase64(crc32c(Buffer.from("EVIL!"))),
        size: "5",
        promotion: "somebody's",
      };
      const forge = () => storage.put("artifacts-prod", "binaries/kops/1.36.2/kops", "EVIL!", { metadata: forged });
      if (when === "before the run") forge();
      else storage.disturb = (call) => void (call === "checkWritable" && forge());
      const [directory] = request(kops, manifest({ "1.36.2/kops": "bytes" })).directories;
      const wanted = { directories: [{ ...(directory as PromotionDirectory), pushedTo: new Set(["artifacts-prod"]) }] };

      expect(statuses(await promote(wanted, options(storage)))).toEqual(["1.36.2/kops: destination-differs"]);
      expect(storage.content("artifacts-prod", "binaries/kops/1.36.2/kops")).toBe("EVIL!");
    },
  );

  test.each([
    { when: "the source has other bytes", put: { source: "other" }, reason: "hash-differs" },
    { when: "nobody has it", put: {}, reason: "missing-in-source" },
    {
      when: "the destination has other bytes",
      put: { source: "bytes", destination: "other" },
      reason: "destination-differs",
    },
  ])("fails when $when, and nothing is written", async ({ put, reason }) => {
    const storage = world();
    if (put.source) storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", put.source);
    if (put.destination) storage.put("artifacts-prod", "binaries/kops/1.36.2/kops", put.destination);
    const before = storage.history.length;

    const plan = await promote(request(kops, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(statuses(plan)).toEqual([`1.36.2/kops: ${reason}`]);
    expect(storage.history).toHaveLength(before);
  });

  test("says so when auto-deletion may have taken its source", async () => {
    const [directory] = request(kops, manifest({ "1.36.2/kops": "bytes" })).directories;
    const plan = await check({ directories: [{ ...directory!, deleteAfterDays: 60 }] }, options(world()));

    expect(plan.outcomes[0]?.outcome).toMatchObject({
      failure: { reason: "missing-in-source", repair: expect.stringContaining("deleted 60 days after their upload") },
    });
  });

  test("of a retired project fails where it is not published, and its source is not asked", async () => {
    const storage = world().bucket("mirror");
    for (const name of ["kops", "kops.sha256"]) storage.put("k8s-staging-kops", `kops/releases/${name}`, name);
    storage.put("artifacts-prod", "binaries/kops/kops", "kops");
    const directory = filestores(
      "gs://k8s-staging-kops/kops/releases",
      "gs://artifacts-prod/binaries/kops",
      "gs://mirror",
    );
    const place = { scheme: "gs", bucket: "k8s-staging-kops", prefix: "" } as const;
    const at = { file: "infra/gcp/infra.yaml", line: 7, column: 9 };
    const retired = [{ ...place, base: "gs://k8s-staging-kops/", since: "2026-05-01", at }];
    const [wanted] = request(directory, manifest({ kops: "kops", "kops.sha256": "kops.sha256" })).directories;

    const plan = await promote({ directories: [{ ...wanted!, retired }] }, options(storage));

    expect(statuses(plan)).toEqual([
      "kops: published",
      "kops: source-retired",
      "kops.sha256: source-retired",
      "kops.sha256: source-retired",
    ]);
    expect(plan.outcomes[1]?.outcome).toMatchObject({
      failure: {
        message: "gs://k8s-staging-kops/: nothing new is promoted from here, its project is retired since 2026-05-01",
        repair: expect.stringContaining('"retired" of the project (infra/gcp/infra.yaml:7) is taken back first'),
      },
    });
    expect(storage.calls.filter(({ bucket }) => bucket === "k8s-staging-kops")).toEqual([]);
    expect(storage.count("copy")).toBe(0);
  });

  test("is told of another line that lists its bytes, and of no name that other bytes have", async () => {
    const storage = world();
    for (const [version, bytes] of Object.entries({ "v1.36.0": "old", "v1.36.1": "new" })) {
      storage.put("k8s-staging-kops", `kops/releases/${version}/linux/arm64/kops`, bytes);
    }
    const twins = manifest({ "1.36.1/linux/arm64/kops": "new", "v1.36.1/linux/arm64/kops": "new" });

    const plan = await check(request(kops, twins), options(storage));

    expect(statuses(plan)).toEqual([
      "1.36.1/linux/arm64/kops: missing-in-source",
      "v1.36.1/linux/arm64/kops: verified",
    ]);
    const failures = plan.outcomes.flatMap(({ outcome }) => (outcome.status === "failed" ? [outcome.failure] : []));
    expect(failures).toEqual([
      {
        reason: "missing-in-source",
        message: expect.stringContaining(`; ${twins.file}:4 lists the same bytes as "v1.36.1/linux/arm64/kops"`),
        repair: expect.stringMatching(
          /^Remove this line if it means that file, or upload the file if it is another one: /,
        ),
      },
    ]);
  });

  test("fails when its source is replaced between the hash and the copy", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");
    storage.disturb = (call) => {
      if (call === "checkWritable") storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "evil!");
    };
    const wanted = request(kops, manifest({ "1.36.2/kops": "bytes" }));
    const resolution = await resolve(wanted, options(storage));

    const plan = await promoteResolved(resolution, options(storage));

    expect(statuses(plan)).toEqual(["1.36.2/kops: source-changed"]);
    expect(storage.names("artifacts-prod")).toEqual([]);
  });

  test("is read again when its bytes do not fit the object's checksum, and copied once they do", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    let reads = 0;
    storage.corrupt = (piece) => {
      reads += 1;
      return reads === 1 ? Buffer.from("bytez") : piece;
    };

    expect(statuses(await promote(request(kops, manifest({ kops: "bytes" })), options(storage)))).toEqual([
      "kops: copied",
    ]);
    expect(reads).toBe(2);
  });

  test("whose bytes never fit the object's checksum is corrupt, which is not the manifest's fault", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    storage.corrupt = () => Buffer.from("bytez");

    const plan = await promote(request(kops, manifest({ kops: "bytez" })), options(storage));

    expect(statuses(plan)).toEqual(["kops: corrupt"]);
    expect(storage.names("artifacts-prod")).toEqual([]);
  });

  test("that another promoter publishes in the meantime is published, whoever wrote it and with whatever record", async () => {
    for (const [standing, wanted] of [
      ["bytes", "published"],
      ["other", "destination-differs"],
    ] as const) {
      const storage = world();
      storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
      storage.disturb = (call) => {
        if (call === "checkWritable") storage.put("artifacts-prod", "binaries/kops/kops", standing);
      };

      const plan = await promote(request(kops, manifest({ kops: "bytes" })), options(storage));

      expect(statuses(plan)).toEqual([`kops: ${wanted}`]);
    }
  });

  test.each([
    ["refused", "418 of a proxy"],
    ["forbidden", "403 to a second try"],
  ] as const)("whose copy is %s (%s) is judged by what stands there", async (kind, answer) => {
    for (const [standing, wanted] of [
      ["bytes", "published"],
      ["other", "destination-differs"],
      [undefined, "destination-refused"],
    ] as const) {
      const storage = world();
      storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
      storage.disturb = (call) => {
        if (call !== "copy") return;
        if (standing !== undefined) storage.put("artifacts-prod", "binaries/kops/kops", standing);
        throw new StoreError(kind, `copy: ${answer}`);
      };

      const plan = await promote(request(kops, manifest({ kops: "bytes" })), options(storage));

      expect(statuses(plan)).toEqual([`kops: ${wanted}`]);
    }
  });

  test("is not said to be unwritten where nobody may look", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    storage.disturb = (call) => {
      if (call === "copy") throw new StoreError("refused", "copy: 418 of a proxy");
      if (call === "stat") throw new StoreError("forbidden", "stat: 403");
    };

    const { outcomes } = await promote(request(kops, manifest({ kops: "bytes" })), options(storage));

    const repair = expect.stringContaining("Whether the file was written is not known");
    expect(outcomes).toMatchObject([{ outcome: { failure: { reason: "destination-unreadable", repair } } }]);
  });

  test.each([
    { when: "it is true", name: "kops.txt", bytes: "\u001f\u008bzipped", declared: "gzip", kept: "gzip" },
    { when: "the bytes are none", name: "kops.txt", bytes: "plain", declared: "gzip", kept: undefined },
    { when: "it would unpack an archive", name: "kops.tgz", bytes: "\u001f\u008b", declared: "gzip", kept: undefined },
    { when: "it is another one", name: "kops.txt", bytes: "\u001f\u008bzipped", declared: "br", kept: undefined },
  ])("keeps the compression that its source declares, or not: $when", async ({ name, bytes, declared, kept }) => {
    const storage = world();
    const stored = Buffer.from(bytes, "latin1");
    storage.put("k8s-staging-kops", `kops/releases/1.36.2/${name}`, stored, { contentEncoding: declared });

    const plan = await promote(request(kops, manifest({ [`1.36.2/${name}`]: stored })), options(storage));

    expect(statuses(plan)).toEqual([`1.36.2/${name}: copied`]);
    expect(storage.get("artifacts-prod", `binaries/kops/1.36.2/${name}`)?.contentEncoding).toBe(kept);
  });

  test("needs no MD5: composite objects have none", async () => {
    const storage = world();
    const { md5: _, ...composite } = storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes");
    storage.put("k8s-staging-kops", "kops/releases/1.36.2/kops", "bytes", { ...composite, md5: undefined as never });

    const plan = await promote(request(kops, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(statuses(plan)).toEqual(["1.36.2/kops: copied"]);
  });
});

describe("many lines", () => {
  test("end with one outcome per line and destination, in the order of the request", async () => {
    const two = filestores("gs://k8s-staging-kops", "gs://artifacts-prod/a", "gs://artifacts-prod/b");
    const storage = world();
    storage.put("k8s-staging-kops", "1.36.2/kops", "bytes");
    storage.put("artifacts-prod", "b/1.36.2/kops", "bytes");

    const plan = await promote(
      request(two, manifest({ "1.36.2/nodeup": "none", "1.36.2/kops": "bytes" })),
      options(storage),
    );

    expect(plan.outcomes.map(({ destination }) => destination.base)).toEqual([
      "gs://artifacts-prod/a",
      "gs://artifacts-prod/b",
      "gs://artifacts-prod/a",
      "gs://artifacts-prod/b",
    ]);
    expect(statuses(plan)).toEqual([
      "1.36.2/nodeup: missing-in-source",
      "1.36.2/nodeup: missing-in-source",
      "1.36.2/kops: copied",
      "1.36.2/kops: published",
    ]);
  });

  test("are hashed once for all destinations", async () => {
    const two = filestores("gs://k8s-staging-kops", "gs://artifacts-prod/a", "gs://artifacts-prod/b");
    const storage = world();
    storage.put("k8s-staging-kops", "1.36.2/kops", "bytes");

    const plan = await promote(request(two, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(statuses(plan)).toEqual(["1.36.2/kops: copied", "1.36.2/kops: copied"]);
    expect(storage.count("read")).toBe(1);
  });

  test("listed twice with the same hash are written once", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");

    const plan = await promote(
      request(kops, manifest({ kops: "bytes" }, "a"), manifest({ kops: "bytes" }, "b")),
      options(storage),
    );

    expect(statuses(plan)).toEqual(["kops: copied", "kops: published"]);
    expect(storage.count("copy")).toBe(1);
  });

  test("listed twice are two lines of a check, and one file", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");

    const { summary } = await check(
      request(kops, manifest({ kops: "bytes" }, "a"), manifest({ kops: "bytes" }, "b")),
      options(storage),
    );

    expect(summary).toMatchObject({ verified: 2, objects: 1, bytes: 5 });
  });

  test("listed twice with the same wrong hash are read once, and each is told to correct its own manifest", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");

    const { outcomes } = await promote(
      request(kops, manifest({ kops: "other" }, "a"), manifest({ kops: "other" }, "b")),
      options(storage),
    );

    expect(outcomes.map(({ manifest, outcome }) => [manifest, outcome])).toEqual(
      ["a", "b"].map((name) => [
        `manifests/k8s-staging-kops/${name}.yaml`,
        { status: "failed", failure: expect.objectContaining({ repair: expect.stringContaining(`/${name}.yaml.`) }) },
      ]),
    );
    expect(storage.count("read")).toBe(1);
  });

  test("that want different bytes under one name are both refused, unless one of them is published", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    const wanted = request(kops, manifest({ kops: "bytes" }, "a"), manifest({ kops: "other" }, "b"));

    expect(statuses(await promote(wanted, options(storage)))).toEqual([
      "kops: conflicting-lines",
      "kops: conflicting-lines",
    ]);

    storage.put("artifacts-prod", "binaries/kops/kops", "bytes");
    expect(statuses(await promote(wanted, options(storage)))).toEqual(["kops: published", "kops: destination-differs"]);
  });

  test("do not suffer from each other: a destination that can not be listed fails alone", async () => {
    const two = filestores("gs://k8s-staging-kops", "gs://no-such-bucket/a", "gs://artifacts-prod/b");
    const storage = world();
    storage.put("k8s-staging-kops", "1.36.2/kops", "bytes");

    const plan = await promote(request(two, manifest({ "1.36.2/kops": "bytes" })), options(storage));

    expect(statuses(plan)).toEqual(["1.36.2/kops: destination-unreadable", "1.36.2/kops: copied"]);
  });

  test("of a source that is not there fail as unreadable, not as missing", async () => {
    const nowhere = filestores("gs://k8s-staging-gone", "gs://artifacts-prod/b");

    const plan = await check(request(nowhere, manifest({ kops: "bytes" })), options(world()));

    expect(statuses(plan)).toEqual(["kops: source-unreadable"]);
    expect(plan.outcomes[0]?.outcome).toMatchObject({
      failure: { repair: expect.stringMatching(/^There is no such bucket/) },
    });
  });

  test("none at all is legal", async () => {
    const plan = await promote(request(kops, manifest({})), options(world()));

    expect(plan).toEqual({
      outcomes: [],
      summary: { verified: 0, copied: 0, published: 0, expired: 0, failed: 0, objects: 0, bytes: 0, bytesRead: 0 },
    });
  });

  test("of a destination that refuses writes fail before the first copy", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    storage.disturb = (call) => {
      if (call === "checkWritable") throw new StoreError("forbidden", "gs://artifacts-prod: may not write");
    };

    const plan = await promote(request(kops, manifest({ kops: "bytes" })), options(storage));

    expect(statuses(plan)).toEqual(["kops: destination-refused"]);
    // Others of the same apply may have been.
    expect(plan.outcomes[0]?.outcome).toMatchObject({
      failure: { repair: expect.stringContaining(" This file was not written.") },
    });
    expect(storage.count("copy")).toBe(0);
  });

  test("report each outcome exactly once", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/a", "a");
    storage.put("artifacts-prod", "binaries/kops/b", "b");
    const events: PromotionEvent[] = [];

    await promote(
      request(kops, manifest({ a: "a", b: "b", c: "c" })),
      options(storage, { onEvent: (event) => events.push(event) }),
    );

    const done = events.flatMap((event) => (event.type === "done" ? [event.result.line.name] : []));
    expect([...done].sort()).toEqual(["a", "b", "c"]);
    expect(events.find(({ type }) => type === "resolved")).toEqual({
      type: "resolved",
      lines: 3,
      pending: 2,
      pendingBytes: 2,
    });
  });
});

describe("identities", () => {
  const promoter = "promoter@example.iam.gserviceaccount.com";
  const named = filestores("gs://k8s-staging-kops", filestore("gs://artifacts-prod/b", { serviceAccount: promoter }));

  test("the destination's service account does everything, if it is allowed", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops", "bytes");

    await promote(
      request(named, manifest({ kops: "bytes" })),
      options(storage, { identity: "accounts", allowedServiceAccounts: [promoter] }),
    );

    expect(new Set(storage.calls.map(({ identity }) => identity))).toEqual(new Set([promoter]));
  });

  test("a service account that is not on the list is never used", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops", "bytes");

    const plan = await promote(request(named, manifest({ kops: "bytes" })), options(storage, { identity: "accounts" }));

    expect(statuses(plan)).toEqual(["kops: account-not-allowed"]);
    expect(storage.calls).toEqual([]);
  });

  test("a check uses none", async () => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops", "bytes");

    await check(request(named, manifest({ kops: "bytes" })), options(storage, { identity: "anonymous" }));

    expect(new Set(storage.calls.map(({ identity }) => identity))).toEqual(new Set(["anonymous"]));
  });

  test.each([
    { fallback: undefined, used: "ambient", notes: 1 },
    { fallback: promoter, used: promoter, notes: 0 },
  ])("a destination without one is promoted as $used", async ({ fallback, used, notes }) => {
    const storage = world();
    storage.put("k8s-staging-kops", "kops/releases/kops", "bytes");
    const events: PromotionEvent[] = [];

    await promote(
      request(kops, manifest({ kops: "bytes" })),
      options(storage, {
        identity: "accounts",
        fallbackServiceAccount: fallback,
        onEvent: (event) => events.push(event),
      }),
    );

    expect(new Set(storage.calls.map(({ identity }) => identity))).toEqual(new Set([used]));
    expect(events.filter(({ type }) => type === "note")).toHaveLength(notes);
  });
});
