import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Filestore } from "../../lib/model/filestores";
import { check, promote } from "../../lib/promotion/engine";
import type { PromotionOptions, PromotionRequest } from "../../lib/promotion/types";

/** Runs the engine alone over a generated folder of inputs: `run-engine FOLDER [--confirm] [--cache DIR] [--max-requests N]`. */
async function main([folder = ".", ...flags]: readonly string[]): Promise<void> {
  const after = (flag: string) => (flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined);
  const width = after("--max-requests");
  const options: PromotionOptions = {
    identity: "ambient",
    cacheDir: after("--cache"),
    ...(width && { maxRequests: Number(width) }),
  };
  const run = flags.includes("--confirm") ? promote : check;
  const { summary, outcomes } = await run(readInputs(folder), options);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  const first = outcomes.find(({ outcome }) => outcome.status === "failed");
  if (first !== undefined) {
    process.stderr.write(`${JSON.stringify(first)}\n`);
    process.exitCode = 1;
  }
}

/** Generated inputs need no checks: this leaves the time of reading them to the benchmark of the command. */
function readInputs(folder: string): PromotionRequest {
  const at = { file: "bench", line: 1, column: 1 };
  const directory = "bench";
  const file = join(folder, "filestores", directory, "filepromoter-manifest.yaml");
  const { filestores } = parse(readFileSync(file, "utf8")) as { filestores: { base: string; src?: boolean }[] };
  const stores = filestores.map(({ base, src = false }): Filestore => {
    const [, bucket = "", prefix = ""] = /^gs:\/\/([^/]+)\/(.*?)\/?$/.exec(base) ?? [];
    return { base, scheme: "gs", bucket, prefix: `${prefix}/`, source: src, at };
  });
  const manifests = readdirSync(join(folder, "manifests", directory)).map((name) => {
    const path = join("manifests", directory, name);
    const { files } = parse(readFileSync(join(folder, path), "utf8")) as { files: { name: string; sha256: string }[] };
    return { directory, file: path, lines: files.map((line) => ({ ...line, at })) };
  });
  const source = stores.find((store) => store.source);
  if (source === undefined) throw new Error("no source");
  const destinations = stores.filter((store) => !store.source);
  return { directories: [{ filestores: { name: directory, file, source, destinations }, manifests }] };
}

void main(process.argv.slice(2));
