import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { sampleEstate, sampleGroup, sampleManifest } from "../stacks/sample-estate";
import { type SynthesizedStack, synthesize } from "../stacks/synth";

const at = { file: "sample.yaml", line: 1, column: 1 };

type StackWithMore = SynthesizedStack & { locals?: { mistakes: string }; import?: readonly { id: string }[] };

/** What Terraform makes of values in its own JSON. */
function evaluated(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "artifacts-text-"));
  const terraform = (...words: string[]) =>
    execFileSync("terraform", words, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TF_CLI_CONFIG_FILE: devNull },
    });
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ output: { all: { value: values } } }));
    terraform("apply", "-auto-approve", "-input=false", "-no-color");
    return JSON.parse(terraform("output", "-json", "all"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What Terraform evaluates, and what CDKTF writes for references of its own: tokens that are easily guessed.
test.each([
  `\${file("/etc/hostname")}`,
  "%{if true}yes%{endif}",
  `\${TfToken[TOKEN.0]} \${file("/etc/hostname")}`,
  `\${TfToken[TOKEN.5]}\${file("/etc/hostname")}`,
  "#{TfToken[TOKEN.5]}",
  "&{TfToken[TOKEN.5]}",
  `-1.8881545897087626e+289 \${file("/etc/hostname")}`,
  "v1.2.3-1e5f3a",
])("a text of the inputs is that text to Terraform: %s", (text) => {
  const { stacks } = synthesize(
    sampleEstate({
      groups: [sampleGroup("team@example.org", { description: text, settings: { WhoCanJoin: text } })],
      manifests: [{ ...sampleManifest("lathe", "1.0.0", { [text]: "aa".repeat(32) }), file: text }],
      heldUp: new Map([["oss-staging-lathe", [{ severity: "error", summary: text, at }]]]),
      adoptions: [{ stack: "staging-lathe", imports: { "google_project.project": text }, at }],
    }),
  );
  const stack = (name: string) => stacks[name] as StackWithMore;
  const group = stack("groups").resource.artifacts_group?.team;
  const promotions = stack("promote-oss-staging-lathe").resource.artifacts_promotion ?? {};

  const told = evaluated({
    description: group?.description,
    setting: (group?.settings as Record<string, string> | undefined)?.WhoCanJoin,
    files: Object.values(promotions).map(({ manifest, files }) => ({ manifest, files })),
    mistakes: stack("promote-oss-staging-lathe").locals?.mistakes,
    imported: stack("staging-lathe").import?.map(({ id }) => id),
  });

  expect(told).toEqual({
    description: text,
    setting: text,
    files: [{ manifest: text, files: { [text]: "aa".repeat(32) } }],
    mistakes: `sample.yaml:1:1: error: ${text}`,
    imported: [text],
  });
});
