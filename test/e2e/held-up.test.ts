import { sampleDirectory, sampleEstate, sampleFilestore } from "../stacks/sample-estate";
import { EstateRun } from "./stacks/estate-run";

const file = "manifests/oss-staging-lathe/2.0.0.yaml";
const mistake = {
  severity: "error",
  // Text that Terraform would take for an expression of its own.
  summary: `names \${path.cwd} twice`,
  at: { file, line: 4, column: 3 },
} as const;

test("a directory whose manifests hold a mistake fails its stack with it, and no other's", async () => {
  const run = await EstateRun.start();
  try {
    const destination = sampleFilestore("gs://oss-artifacts/binaries/");
    run.synthesize(
      sampleEstate({
        filestores: [sampleDirectory("lathe", [destination]), sampleDirectory("loom", [destination])],
        manifests: [],
        heldUp: new Map([["oss-staging-lathe", [mistake]]]),
      }),
    );

    const refused = await run.apply("promote-oss-staging-lathe");
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`${file}:4:3: error: names \${path.cwd} twice`);
    expect(await run.apply("promote-oss-staging-loom")).toMatchObject({ code: 0 });
  } finally {
    await run.close();
  }
}, 120_000);
