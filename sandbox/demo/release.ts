import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface ReleaseFile {
  /** Relative to the base of the filestore, e.g. `v1.2.0/linux/amd64/lathe`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** What the estate's released files hold: docs/inputs.md states the rule, so that anybody can make them again. */
export function releasedBytes(directory: string, name: string): Buffer {
  return Buffer.from(`artifact ${directory} ${name}\n`);
}

/** A small release as a build would leave it: some text, some bigger binaries, made from a counter. */
export function newRelease(version: string): readonly ReleaseFile[] {
  const platforms = ["linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"];
  const binaries = platforms.map((platform, index) => ({
    name: `${version}/${platform}/lathe${platform.startsWith("windows") ? ".exe" : ""}`,
    bytes: binary(`${version} ${platform}`, (index + 1) * 192 * 1024),
  }));
  const sums = binaries.map(({ name, bytes }) => `${sha256(bytes)}  ${name.slice(version.length + 1)}\n`).join("");
  return [...binaries, { name: `${version}/SHA256SUMS`, bytes: Buffer.from(sums) }];
}

/** Name and hash of every line that the manifests of a directory hold. */
export function manifestLines(inputs: string, directory: string): readonly { name: string; sha256: string }[] {
  const folder = join(inputs, "manifests", directory);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => parse(readFileSync(join(folder, file), "utf8")).files);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes that look like a program to anything that compresses or compares them, and are the same on each run. */
function binary(seed: string, size: number): Buffer {
  const blocks = Math.ceil(size / 32);
  const bytes = Buffer.alloc(blocks * 32);
  let block = createHash("sha256").update(seed).digest();
  for (let index = 0; index < blocks; index++) {
    block.copy(bytes, index * 32);
    block = createHash("sha256").update(block).digest();
  }
  return bytes.subarray(0, size);
}
