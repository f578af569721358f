import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeInputs } from "./generated-inputs";

/**
 * Time and memory of `artifacts validate` as a whole process: of the folders given, or else of estates of growing size.
 * `node bin/build.cjs && node dist/bench/validate.js [FOLDER…]`
 */
function main(folders: readonly string[]): void {
  process.stdout.write("inputs                  seconds  of CPU  MiB\n");
  for (const folder of folders) measure(folder, folder);
  if (folders.length > 0) return;
  for (const projects of [250, 500, 1000]) {
    const folder = mkdtempSync(join(tmpdir(), "artifacts-bench-"));
    try {
      writeInputs(folder, { projects, groups: 2 * projects });
      measure(`${projects} projects`, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The median of five runs. */
function measure(name: string, folder: string): void {
  const runs = Array.from({ length: 5 }, () => run(folder)).sort((a, b) => a.seconds - b.seconds);
  const { seconds, processor, peak } = runs[2] as Figures;
  const columns = [seconds.toFixed(2).padStart(7), processor.toFixed(2).padStart(6), peak.toFixed(0).padStart(4)];
  process.stdout.write(`${name.padEnd(22)}  ${columns.join("  ")}\n`);
}

interface Figures {
  readonly seconds: number;

  /** Seconds of processor time. */
  readonly processor: number;

  /** MiB. */
  readonly peak: number;
}

function run(folder: string): Figures {
  const words = ["--require", join(__dirname, "resources.js"), COMMAND, "validate", "--root", folder];
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  const seconds = (performance.now() - started) / 1000;
  const [, peak, processor] = /peak (\d+) KiB, (\d+) us/.exec(stderr) ?? [];
  if (status !== 0) throw new Error(`${folder} is not valid: ${stderr.slice(-2000)}`);
  return { seconds, processor: Number(processor) / 1e6, peak: Number(peak) / 1024 };
}

const COMMAND = join(__dirname, "..", "..", "bin", "artifacts.cjs");

main(process.argv.slice(2));
