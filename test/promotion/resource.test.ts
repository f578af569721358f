import { crc32c } from "@node-rs/crc32";
import { crc32cBase64 } from "../../lib/cloud/crc32c";
import { StoreError } from "../../lib/cloud/object-store";
import { promote } from "../../lib/promotion/engine";
import { promotionResource } from "../../lib/provider/promotion-resource";
import type { PromotionConfig } from "../../lib/provider/promotion-schema";
import { promotionConnection } from "../../lib/provider/promotion-session";
import { DiagnosticsError, type PluginDiagnostic } from "../../lib/tfplugin/diagnostics";
import { type PartlyKnown, UNKNOWN } from "../../lib/tfplugin/types";
import { FakeStorage } from "./support/fake-storage";
import { filestores, hasty, manifest, request, sha256 } from "./support/requests";

let storage: FakeStorage;
let said: PluginDiagnostic[];
beforeEach(() => {
  storage = new FakeStorage().bucket("staging").bucket("prod");
  said = [];
  kept = undefined;
  process.env.ARTIFACTS_CACHE_DIR = "";
});
afterEach(() => {
  delete process.env.ARTIFACTS_CACHE_DIR;
});

/** What Terraform keeps beside the state. */
let kept: string | undefined;
const context = () => ({
  signal: new AbortController().signal,
  report: (told: PluginDiagnostic) => said.push(told),
  kept,
  keep: (text: string) => {
    kept = text;
  },
});
const resource = (badLines: "stop" | "continue" = "stop") =>
  promotionResource(promotionConnection({ connect: storage.connect, retry: hasty, cacheDir: undefined }), badLines);

function config(files: Readonly<Record<string, string>>, more: Partial<PromotionConfig> = {}): PromotionConfig {
  return {
    source: "gs://staging/kops",
    destination: "gs://prod/binaries/kops",
    service_account: "promoter@example.iam.gserviceaccount.com",
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])),
    manifest: "manifests/k8s-staging-kops/1.36.2.yaml",
    ...more,
  };
}

const plan = (wanted: PartlyKnown<PromotionConfig>, prior?: PromotionConfig, badLines?: "stop" | "continue") =>
  resource(badLines).plan?.({ config: wanted, prior, proposed: wanted }, context());
const create = (wanted: PromotionConfig) => resource().create({ config: wanted, planned: wanted }, context());
const errors = () => said.filter(({ severity }) => severity === "error");

describe("a plan", () => {
  test("verifies every new line and writes nothing", async () => {
    storage.put("staging", "kops/1.36.2/kops", "bytes");

    await plan(config({ "1.36.2/kops": "bytes" }));

    expect(said).toEqual([]);
    expect(storage.count("read")).toBe(1);
    expect(storage.names("prod")).toEqual([]);
  });

  test("needs no credentials for public buckets, and asks whoever runs Terraform for others", async () => {
    storage.put("staging", "kops/kops", "bytes");
    await plan(config({ kops: "bytes" }));
    expect(new Set(storage.calls.map(({ identity }) => identity))).toEqual(new Set(["anonymous"]));

    let refused = false;
    storage.disturb = (call, { bucket }) => {
      if (call === "list" && bucket === "staging" && !refused) {
        refused = true;
        throw new StoreError("unauthenticated", "gs://staging: not public");
      }
    };
    await plan(config({ kops: "bytes" }));
    expect(said).toEqual([]);
    expect(storage.calls.at(-1)?.identity).toBe("ambient");
  });

  test.each([
    [true, [expect.stringContaining("other bytes are published under this name")]],
    [undefined, []],
  ])("asked to distrust records (%s) does not take an object's word for its bytes", async (distrust, told) => {
    storage.put("staging", "kops/kops", "bytes");
    const forged = { sha256: sha256("bytes"), crc32c: crc32cBase64(crc32c(Buffer.from("EVIL!"))), size: "5" };
    storage.put("prod", "binaries/kops/kops", "EVIL!", { metadata: forged });

    await plan(config({ kops: "bytes" }, distrust === undefined ? {} : { distrust_records: distrust }));

    expect(errors().map(({ summary }) => summary)).toEqual(told);
  });

  test("blames the line that fails", async () => {
    storage.put("staging", "kops/1.36.2/kops", "other");

    await plan(config({ "1.36.2/kops": "bytes", "1.36.2/nodeup": "none" }));

    expect(errors().map(({ path }) => path)).toEqual([
      ["files", { key: "1.36.2/kops" }],
      ["files", { key: "1.36.2/nodeup" }],
    ]);
    expect(errors()[0]?.summary).toContain("the source has sha256");
  });

  test("refuses new lines below a retired source once for all, without asking it, as the apply does", async () => {
    for (const name of ["in/a", "in/b", "out/c"]) storage.put("staging", `kops/${name}`, name);
    const files = { "in/a": "in/a", "in/b": "in/b", "out/c": "out/c" };
    const retired = config(files, { retired_sources: { "gs://staging/kops/in": "2026-05-01" } });

    await plan(retired);

    const summary =
      "2 files: gs://staging/kops/in: nothing new is promoted from here, its project is retired since 2026-05-01";
    expect(errors()).toMatchObject([{ path: ["files"], summary }]);
    await expect(create(retired)).rejects.toMatchObject({ diagnostics: [{ summary }] });
    expect(storage.names("prod")).toEqual(["binaries/kops/out/c"]);
  });

  test("of a retirement has nothing against published lines, and nor has the apply", async () => {
    storage.put("staging", "kops/a", "a");
    const prior = await create(config({ a: "a" }));
    const retired = config({ a: "a" }, { retired_sources: { "gs://staging/": "2026-05-01" } });
    storage.remove("staging", "kops/a");
    storage.calls.length = 0;

    await plan(retired, prior);
    expect(await resource().update({ prior, config: retired, planned: retired }, context())).toEqual(retired);

    expect(storage.calls).toEqual([]);
    expect(await create(retired)).toEqual(retired);
    expect(await resource().read(retired, context())).toEqual(retired);
    expect(said).toEqual([]);
  });

  test("blames a bucket that can not be listed once, for all its lines", async () => {
    storage.disturb = (call, { bucket }) => {
      if (call === "list" && bucket === "prod") throw new StoreError("notFound", "gs://prod: does not exist");
    };
    await plan(config({ a: "a", b: "b", c: "c", d: "d", e: "e", f: "f" }));

    expect(errors()).toMatchObject([
      { summary: "6 files: gs://prod: does not exist", detail: expect.stringContaining("a, b, c, d, e and 1 more.") },
    ]);
  });

  test("tells of many lines that each fail for a reason of its own, most of them together", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `none-${index}`);
    await plan(config(Object.fromEntries(names.map((name) => [name, name]))));

    expect(errors()).toHaveLength(51);
    expect(errors().at(-1)?.summary).toMatch(/^10 more files fail/);
    for (const name of names) expect(JSON.stringify(errors())).toContain(`kops/${name}:`);
  });

  test("only warns of it where the others are to go on", async () => {
    await plan(config({ nodeup: "none" }), undefined, "continue");

    expect(said.map(({ severity }) => severity)).toEqual(["warning"]);
  });

  test("refuses another hash for a published line", async () => {
    await plan(config({ kops: "new bytes" }), config({ kops: "bytes" }));

    expect(errors()).toMatchObject([
      { path: ["files", { key: "kops" }], summary: expect.stringContaining("published with") },
    ]);
    expect(storage.calls).toEqual([]);
  });

  test("takes a destination with and without its last slash for one place", async () => {
    const slashed = { destination: "gs://prod/binaries/kops/" };
    await plan(config({ kops: "bytes", other: "changed" }, slashed), config({ kops: "bytes", other: "other" }));

    expect(said).toMatchObject([{ severity: "error", path: ["files", { key: "other" }] }]);
    expect(storage.calls).toEqual([]);
  });

  test("says that a line which goes is forgotten, not deleted", async () => {
    await plan(config({}), config({ kops: "bytes" }));

    expect(said).toMatchObject([
      { severity: "warning", summary: expect.stringContaining("1 published files are forgotten") },
    ]);
  });

  test("reaches no bucket when nothing is new", async () => {
    await plan(config({ kops: "bytes" }), config({ kops: "bytes" }));

    expect(storage.calls).toEqual([]);
  });

  test("verifies all lines for a destination that is new", async () => {
    storage.put("staging", "kops/kops", "bytes");

    await plan(config({ kops: "bytes" }, { destination: "gs://prod/elsewhere" }), config({ kops: "bytes" }));

    expect(storage.count("read")).toBe(1);
    expect(said.map(({ severity }) => severity)).toEqual(["warning"]);
  });

  test.each<[string, Partial<PartlyKnown<PromotionConfig>>]>([
    ["an unknown source", { source: UNKNOWN }],
    ["an unknown destination", { destination: UNKNOWN }],
    ["unknown files", { files: UNKNOWN }],
  ])("leaves %s to the apply", async (_, unknown) => {
    await plan({ ...config({ kops: "bytes" }), ...unknown });

    expect(storage.calls).toEqual([]);
    expect(said).toEqual([]);
  });

  test("verifies the lines whose hash is known already", async () => {
    storage.put("staging", "kops/kops", "bytes");

    await plan({ ...config({}), files: { kops: sha256("bytes"), later: UNKNOWN } });

    expect(storage.count("read")).toBe(1);
    expect(errors()).toEqual([]);
  });

  test("of many resources at once makes one listing of each bucket", async () => {
    const one = resource();
    const wanted = Array.from({ length: 10 }, (_, n) => config({ [`1.${n}.0/kops`]: `bytes ${n}` }));
    for (let n = 0; n < 10; n += 1) storage.put("staging", `kops/1.${n}.0/kops`, `bytes ${n}`);

    await Promise.all(wanted.map((config) => one.plan?.({ config, prior: undefined, proposed: config }, context())));

    expect(said).toEqual([]);
    const listed = storage.calls.filter(({ call }) => call === "list").map(({ bucket, name }) => `${bucket}/${name}`);
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe("an apply", () => {
  test("publishes as the service account and keeps the configuration as state", async () => {
    storage.put("staging", "kops/kops", "bytes");
    const wanted = config({ kops: "bytes" }, { commit: "abc" });

    expect(await create(wanted)).toEqual(wanted);
    expect(storage.get("prod", "binaries/kops/kops")?.metadata).toMatchObject({ commit: "abc" });
    expect(storage.calls.at(-1)?.identity).toBe("promoter@example.iam.gserviceaccount.com");
  });

  test("that fails in part publishes the rest, records nothing, and goes on the next time", async () => {
    storage.put("staging", "kops/a", "a");
    const wanted = config({ a: "a", b: "b" });

    await expect(create(wanted)).rejects.toThrow(DiagnosticsError);
    expect(storage.names("prod")).toEqual(["binaries/kops/a"]);

    storage.put("staging", "kops/b", "b");
    expect(await create(wanted)).toEqual(wanted);
    expect(storage.count("copy")).toBe(2);
  });

  test("of a change keeps what it reached", async () => {
    storage.put("staging", "kops/a", "a");
    storage.put("staging", "kops/b", "b");
    const prior = config({ a: "a" });
    await create(prior);
    const wanted = config({ a: "a", b: "b", c: "c" });

    const state = await resource().update({ prior, config: wanted, planned: wanted }, context());

    expect(Object.keys(state.files)).toEqual(["a", "b"]);
    expect(errors()).toMatchObject([{ path: ["files", { key: "c" }] }]);
  });

  test("of another hash for a published line keeps the published one and fails", async () => {
    const prior = config({ a: "a" });
    const wanted = config({ a: "changed" });

    const state = await resource("continue").update({ prior, config: wanted, planned: wanted }, context());

    expect(state.files).toEqual(prior.files);
    expect(errors()).toHaveLength(1);
  });
});

describe("a refresh", () => {
  test("keeps the state and is silent while all is well", async () => {
    storage.put("staging", "kops/a", "a");
    const state = await create(config({ a: "a" }));

    expect(await resource().read(state, context())).toEqual(state);
    expect(said).toEqual([]);
  });

  test.each([
    {
      what: "is gone",
      change: () => storage.remove("prod", "binaries/kops/a"),
      repair: "run npx artifacts promote k8s-staging-kops --confirm",
    },
    {
      what: "has other bytes now",
      change: () =>
        storage.put("prod", "binaries/kops/a", "x", {
          metadata: { sha256: sha256("x"), size: "1", crc32c: storage.put("staging", "x", "x").crc32c ?? "" },
        }),
    },
    { what: "has other bytes now", change: () => storage.put("prod", "binaries/kops/a", "without a record") },
    {
      what: "has other bytes now",
      change: () =>
        storage.put("prod", "binaries/kops/a", "x", {
          metadata: { sha256: sha256("a"), size: "1", crc32c: storage.put("staging", "x", "x").crc32c ?? "" },
        }),
    },
  ])(
    "warns that a published file $what, and repairs nothing",
    async ({ what, change, repair = "Restore the version that was published" }) => {
      storage.put("staging", "kops/a", "a");
      const state = await create(config({ a: "a" }));
      change();
      const before = storage.history.length;

      expect(await resource().read(state, context())).toEqual(state);
      expect(said).toMatchObject([
        { severity: "warning", summary: expect.stringContaining(what), detail: expect.stringContaining(repair) },
      ]);
      expect(storage.history).toHaveLength(before);
    },
  );

  test("is silent again once artifacts promote has published a vanished file of one of two destinations", async () => {
    storage.put("staging", "kops/a", "a");
    const destinations = ["gs://prod/binaries/kops", "gs://prod/mirror"];
    const states: { readonly state: PromotionConfig; readonly keeps: string | undefined }[] = [];
    for (const destination of destinations) {
      const state = await create(config({ a: "a" }, { destination }));
      states.push({ state, keeps: kept });
    }
    storage.remove("prod", "mirror/a");
    const { outcomes } = await promote(
      request(filestores("gs://staging/kops", ...destinations), manifest({ a: "a" })),
      {
        identity: "ambient",
        connect: storage.connect,
      },
    );

    for (const { state, keeps } of states) {
      kept = keeps;
      expect(await resource().read(state, context())).toEqual(state);
      await plan(state, state);
    }

    expect(outcomes.map(({ outcome }) => outcome.status)).toEqual(["published", "copied"]);
    expect(said).toEqual([]);
  });

  test("tells in one warning that a bucket was emptied", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `file-${index}`);
    for (const name of names) storage.put("staging", `kops/${name}`, name);
    const state = await create(config(Object.fromEntries(names.map((name) => [name, name]))));
    storage.bucket("prod");
    await resource().read(state, context());

    expect(said).toMatchObject([{ severity: "warning", summary: expect.stringContaining("60 published files") }]);
    for (const name of names) expect(said[0]?.detail).toContain(name);
  });

  test("reads what replaced a published file, and nothing else, whoever published it", async () => {
    storage.put("staging", "kops/a", "a");
    for (const name of ["b", "c"]) storage.put("prod", `binaries/kops/${name}`, name);
    const state = await create(config({ a: "a", b: "b", c: "c" }));
    storage.put("prod", "binaries/kops/b", "b");
    storage.calls.length = 0;

    for (const _ of ["first", "second"]) await resource().read(state, context());

    expect(said).toEqual([]);
    expect(storage.calls.filter(({ call }) => call === "read").map(({ name }) => name)).toEqual(["binaries/kops/b"]);
  });

  test("reads what is in a state of which nothing is kept and carries no record, once", async () => {
    storage.put("prod", "binaries/kops/a", "other");
    storage.put("prod", "binaries/kops/b", "b");

    for (const _ of ["first", "second"]) await resource().read(config({ a: "a", b: "b" }), context());

    expect(said.map(({ summary }) => summary)).toEqual(
      Array(2).fill("gs://prod/binaries/kops: a was published and has other bytes now"),
    );
    expect(storage.calls.filter(({ call }) => call === "read").map(({ name }) => name.slice(-1))).toEqual(
      expect.arrayContaining(["a", "a", "b"]),
    );
    expect(storage.count("read")).toBe(3);
  });

  test("that can not look warns and goes on", async () => {
    storage.disturb = () => {
      throw new StoreError("forbidden", "gs://prod: 403");
    };

    await resource().read(config({ a: "a" }), context());

    expect(said).toMatchObject([{ severity: "warning", summary: expect.stringContaining("were not checked") }]);
  });
});

test("a destroy forgets, says so, and touches nothing", async () => {
  storage.put("staging", "kops/a", "a");
  const state = await create(config({ a: "a" }));
  storage.calls.length = 0;

  await resource().planDelete?.(state, context());
  await resource().delete(state, context());

  expect(said).toMatchObject([{ severity: "warning", summary: expect.stringContaining("forgotten, not deleted") }]);
  expect(storage.calls).toEqual([]);
  expect(storage.names("prod")).toEqual(["binaries/kops/a"]);
});

test("an import is refused, with what does the same", async () => {
  await expect(resource().import?.("gs://prod/binaries/kops", context())).rejects.toMatchObject({
    diagnostics: [{ summary: expect.stringMatching(/needs no import$/), detail: expect.stringMatching(/^Deploy it/) }],
  });
});

test("a configuration is judged before any bucket is asked", async () => {
  await resource().validate?.(
    {
      source: "staging/kops",
      destination: "gs://prod",
      service_account: "nobody@example.org",
      files: { "../x": "abc", ok: sha256("x") },
      retired_sources: { staging: "2026-05-01", "gs://staging/kops": "May" },
    },
    context(),
  );

  expect(errors().map(({ path }) => path)).toEqual([
    ["source"],
    ["service_account"],
    ["retired_sources", { key: "staging" }],
    ["retired_sources", { key: "gs://staging/kops" }],
    ["files", { key: "../x" }],
    ["files", { key: "../x" }],
  ]);
});
