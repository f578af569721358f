import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EstateSize, writeInputs } from "./generated-inputs";

/**
 * Time and memory of the whole app (start, load, check, synth) for estates of growing size.
 * `node bin/build.cjs && node dist/bench/synth.js [PROJECTS…]`, twice as many groups as projects.
 */
function main(counts: readonly number[]): void {
  const app = join(__dirname, "..", "main.js");
  process.stdout.write("projects  groups  filestores  stacks wanted  seconds  of CPU  MiB\n");
  // Removed together at the end: some file systems pass over what was freed lately, and the next synth would pay for it.
  const folder = mkdtempSync(join(tmpdir(), "artifacts-bench-"));
  try {
    for (const projects of counts) {
      const size = { projects, groups: 2 * projects };
      const measureOne = (filestores: number, wanted?: string) =>
        measure(app, mkdtempSync(join(folder, "estate-")), { ...size, filestores }, wanted);
      measureOne(0);
      measureOne(projects);
      measureOne(projects, "staging-sub-00000");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(app: string, folder: string, size: Required<EstateSize>, wanted: string | undefined): void {
  writeInputs(folder, size);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", PROBE, app], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      CDKTF_OUTDIR: join(folder, "out"),
      CDKTF_CONTEXT_JSON: "{}",
      ...(wanted === undefined ? {} : { ARTIFACTS_STACKS: wanted }),
    },
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`synth of ${size.projects} projects failed: ${stderr.slice(-2000)}`);
  const [, peak, processor] = /peak (\d+) KiB, (\d+) us/.exec(stdout + stderr) ?? [];
  const columns = [
    String(size.projects).padStart(8),
    String(size.groups).padStart(6),
    String(size.filestores).padStart(10),
    (wanted === undefined ? "all" : "one").padStart(13),
    seconds.toFixed(1).padStart(7),
    (Number(processor) / 1e6).toFixed(1).padStart(6),
    (Number(peak) / 1024).toFixed(0).padStart(4),
  ];
  process.stdout.write(`${columns.join("  ")}\n`);
}

const PROBE = join(__dirname, "resources.js");

main(process.argv.length > 2 ? process.argv.slice(2).map(Number) : [250, 500, 1000]);
