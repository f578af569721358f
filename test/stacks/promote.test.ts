import { sampleDirectory, sampleEstate, sampleFilestore, sampleManifest, sampleProject } from "./sample-estate";
import { addresses, synthesize } from "./synth";

const production = sampleFilestore("gs://oss-artifacts/binaries/lathe/", {
  serviceAccount: "promoter@oss-prod.iam.gserviceaccount.com",
});
const mirror = sampleFilestore("s3://lathe-mirror");
const release = sampleManifest("lathe", "1.0.0", {
  "v1.0.0/lathe": "aa".repeat(32),
  "v1.0.0/lathe.asc": "bb".repeat(32),
});

test("a promotion for each manifest and destination", () => {
  const filestores = [sampleDirectory("lathe", [production, mirror])];
  const { stacks } = synthesize(sampleEstate({ filestores, manifests: [release] }));

  expect(stacks["promote-oss-staging-lathe"]?.resource).toMatchSnapshot();
});

test("a bucket that a team pushes to is not believed what its objects say of themselves", () => {
  const toStaging = sampleFilestore("gs://oss-staging-loom/in/");
  const at = { file: "infra.yaml", line: 1, column: 1 };
  const { stacks } = synthesize(
    sampleEstate({
      projects: [{ projectId: "oss-staging-loom", type: "staging", at }],
      filestores: [sampleDirectory("lathe", [toStaging, production])],
      manifests: [release],
    }),
  );
  const promotions: Record<string, Record<string, unknown>> = stacks["promote-oss-staging-lathe"]?.resource
    ?.artifacts_promotion ?? {};

  expect(Object.values(promotions).map(({ destination, distrust_records: isSo }) => [destination, isSo])).toEqual([
    [production.base, undefined],
    [toStaging.base, true],
  ]);
});

test("a retirement is an attribute of what is promoted from its bucket or folder, and of nothing else", () => {
  const retired = { since: "2026-05-01", keepPublished: true };
  const inShared = { mode: "shared", sharedProjectId: "oss-staging-loom", bucket: "oss-staging-loom" } as const;
  const from = (name: string, base: string) => ({
    ...sampleDirectory(name, [sampleFilestore(`gs://oss-artifacts/${name}/`)]),
    source: sampleFilestore(base, { source: true }),
  });
  const filestores = [
    from("lathe", "gs://oss-staging-lathe/releases/"),
    from("guest", "gs://oss-staging-loom/guest/releases/"),
    from("other", "gs://oss-staging-loom/other/releases/"),
    from("loom", "gs://oss-staging-loom/"),
  ];
  const { stacks } = synthesize(
    sampleEstate({
      staging: [
        sampleProject("lathe", { retired }),
        sampleProject("loom"),
        sampleProject("guest", { ...inShared, retired }),
        sampleProject("other", inShared),
      ],
      filestores,
      manifests: ["lathe", "guest", "other", "loom"].map((name) =>
        sampleManifest(name, "1", { file: "aa".repeat(32) }),
      ),
    }),
  );
  const told = filestores.map(({ name }) => {
    const promotions: Record<string, Record<string, unknown>> = stacks[`promote-${name}`]?.resource
      ?.artifacts_promotion ?? {};
    return Object.values(promotions).map(({ retired_sources: sources }) => sources);
  });

  const guest = { "gs://oss-staging-loom/guest/": "2026-05-01" };
  expect(told).toEqual([[{ "gs://oss-staging-lathe/": "2026-05-01" }], [guest], [undefined], [guest]]);
});

test("a directory without a manifest has a stack without promotions", () => {
  const { stacks } = synthesize(sampleEstate({ manifests: [] }));

  expect(addresses(stacks["promote-oss-staging-lathe"]!)).toEqual([]);
});

test("a stack comes after the buckets it reads and writes, and after those who may act there", () => {
  const { dependencies } = synthesize(
    sampleEstate({
      staging: [sampleProject("lathe"), sampleProject("loom"), sampleProject("quill")],
      filestores: [sampleDirectory("lathe", [sampleFilestore("gs://oss-staging-loom/in/")])],
    }),
  );

  expect(dependencies).toEqual({
    groups: [],
    serving: ["groups"],
    "staging-lathe": ["groups", "serving"],
    "staging-loom": ["groups", "serving"],
    "staging-quill": ["groups", "serving"],
    "promote-oss-staging-lathe": ["serving", "staging-lathe", "staging-loom"],
  });
});
