import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { startDelayProxy } from "./promotion/delay-proxy";
import { createFixture, type Fixture } from "./promotion/fixture";
import { type Measurement, measureProcess } from "./promotion/measured-process";

interface Options {
  readonly server: string;
  readonly files: string;
  readonly size: string;
  readonly extra: string;
  readonly latency: string;
  readonly repeat: string;
  readonly ours: string;
  readonly versus?: string;
  readonly again: boolean;
}

const MiB = 1024 * 1024;
const ARTIFACTS = join(__dirname, "..", "..", "bin", "artifacts.cjs");

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command("promotion")
    .description("Promotes generated files with our command and, side by side, any other one")
    .requiredOption("--server <url>", "a Cloud Storage server, e.g. fake-gcs-server or the sandbox")
    .option("--files <count>", "how many files", "720")
    .option("--size <size>", "of each, e.g. 64KiB or 1MiB", "1MiB")
    .option("--extra <sizes>", "more files of these sizes, e.g. 4GiB,512MiB", "")
    .option("--latency <ms>", "added to every round trip", "0")
    .option("--repeat <count>", "runs of each command; the fastest is compared", "3")
    .option(
      "--ours <command>",
      "our command; {inputs} is the folder",
      `node ${ARTIFACTS} promote --manifests {inputs} --confirm`,
    )
    .option("--versus <command>", 'another command, e.g. "kpromo run files --manifests {inputs} --confirm"')
    .option("--again", "measure the run after the promotion, when nothing is left to do", false)
    .parse(argv, { from: "user" });
  await compare(command.opts<Options>());
}

async function compare(options: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-promotion-"));
  const proxy = await startDelayProxy(options.server, Number(options.latency));
  try {
    const run = Date.now().toString(36);
    const fixture = await createFixture({
      server: options.server,
      run,
      files: Number(options.files),
      bytes: parseSize(options.size),
      extraBytes: options.extra === "" ? [] : options.extra.split(",").map(parseSize),
    });
    print(
      `${fixture.names.length} files, ${(fixture.totalBytes / MiB).toFixed(1)} MiB, ${options.latency} ms added per round trip`,
    );
    const contenders = [
      { name: "ours", command: options.ours },
      ...(options.versus ? [{ name: "versus", command: options.versus }] : []),
    ];
    const results = new Map<string, Measurement[]>();
    // Turn by turn, so that whatever else the machine does hits all of them alike.
    for (let turn = 1; turn <= Number(options.repeat); turn += 1) {
      for (const { name, command } of contenders) {
        const inputs = await fixture.inputs(join(folder, `${name}-${turn}`), `${name}-${turn}`);
        // Without a delay the proxy would only cost: it is in the way for its delay or not at all.
        const server = options.latency === "0" ? options.server : proxy.url;
        const measurement = await measure(command.replaceAll("{inputs}", inputs), server, options.again);
        results.set(name, [...(results.get(name) ?? []), measurement]);
        report(name, turn, measurement, fixture);
      }
    }
    summarize(results);
  } finally {
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(command: string, server: string, isAgain: boolean): Promise<Measurement> {
  // Without our cache of hashes: each run does all of the work.
  const env = { ...process.env, STORAGE_EMULATOR_HOST: server, ARTIFACTS_CACHE_DIR: "" };
  const first = await measureProcess(command, env);
  const measurement = isAgain && first.exitCode === 0 ? await measureProcess(command, env) : first;
  if (measurement.exitCode !== 0) print(`exit code ${measurement.exitCode}: ${measurement.tail}`);
  return measurement;
}

function report(name: string, turn: number, result: Measurement, { names }: Fixture): void {
  const { seconds, cpuSeconds, exitCode, peakMiB, readBytes, writtenBytes, diskBytes } = result;
  print(
    `${name.padEnd(8)} #${turn}  ${seconds.toFixed(2)} s (cpu ${cpuSeconds.toFixed(2)} s)  ${(names.length / seconds).toFixed(0)} files/s  peak ${peakMiB.toFixed(0)} MiB  ` +
      `read ${(readBytes / MiB).toFixed(1)} MiB  written ${(writtenBytes / MiB).toFixed(1)} MiB  to disk ${(diskBytes / MiB).toFixed(1)} MiB  exit ${exitCode}`,
  );
}

function summarize(results: ReadonlyMap<string, readonly Measurement[]>): void {
  // A run that failed has not done the work: its time says nothing.
  const best = [...results].map(([name, runs]) => {
    const done = runs.filter(({ exitCode }) => exitCode === 0);
    return { name, seconds: Math.min(...done.map(({ seconds }) => seconds)), failed: runs.length - done.length };
  });
  for (const { name, seconds, failed } of best) {
    if (failed > 0) process.exitCode = 1;
    const time = Number.isFinite(seconds) ? `best ${seconds.toFixed(2)} s` : "no time";
    print(`${name}: ${time}${failed > 0 ? `, ${failed} failed` : ""}`);
  }
  const [ours, versus] = best;
  if (ours && versus && Number.isFinite(ours.seconds + versus.seconds))
    print(`ratio: ours is ${(versus.seconds / ours.seconds).toFixed(1)} times as fast`);
}

function parseSize(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(KiB|MiB|GiB|)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`size ${text}: expected e.g. 64KiB, 1MiB or 4GiB`);
  const factors: Record<string, number> = { "": 1, KiB: 1024, MiB, GiB: 1024 * MiB };
  return Math.round(Number(number) * (factors[unit] ?? 1));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
