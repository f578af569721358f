import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface FixtureProps {
  readonly server: string;

  /** Makes bucket names of this run unlike those of any other. */
  readonly run: string;
  readonly files: number;
  readonly bytes: number;

  /** Additional files with sizes of their own. */
  readonly extraBytes: readonly number[];
}

export interface Fixture {
  readonly sourceBucket: string;
  readonly names: readonly string[];
  readonly totalBytes: number;

  /** Makes a bucket to promote into and a folder of inputs that says so. Each contender gets its own. */
  inputs(folder: string, contender: string): Promise<string>;
}

const LEVELS = ["linux/amd64", "linux/arm64", "darwin/amd64", "windows/amd64"];
const FILES_PER_RELEASE = 36;

/** Fills a source bucket: releases of a few platforms, each file with bytes of its own. */
export async function createFixture(props: FixtureProps): Promise<Fixture> {
  const sourceBucket = `bench-${props.run}-source`;
  await createBucket(props.server, sourceBucket);
  const sizes = [...Array.from({ length: props.files }, () => props.bytes), ...props.extraBytes];
  const files = sizes.map((bytes, index) => ({ name: fileName(index), bytes, index }));
  const hashes = new Map<string, string>();
  await inParallel(8, files, async ({ name, bytes, index }) => {
    hashes.set(name, await upload(props.server, sourceBucket, `releases/${name}`, bytes, index));
  });
  return {
    sourceBucket,
    names: files.map(({ name }) => name),
    totalBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    async inputs(folder, contender) {
      const bucket = `bench-${props.run}-${contender}`;
      await createBucket(props.server, bucket);
      writeInputs(folder, sourceBucket, bucket, hashes);
      return folder;
    },
  };
}

function fileName(index: number): string {
  const release = Math.floor(index / FILES_PER_RELEASE);
  return `v1.${release}.0/${LEVELS[index % LEVELS.length]}/file-${index}.tar.gz`;
}

function writeInputs(folder: string, source: string, destination: string, hashes: ReadonlyMap<string, string>): void {
  const project = "bench";
  mkdirSync(join(folder, "filestores", project), { recursive: true });
  mkdirSync(join(folder, "manifests", project), { recursive: true });
  const filestores = [
    "filestores:",
    `- base: gs://${source}/releases`,
    "  src: true",
    `- base: gs://${destination}/published`,
    "  service-account: promoter@bench-project.iam.gserviceaccount.com",
    "",
  ];
  writeFileSync(join(folder, "filestores", project, "filepromoter-manifest.yaml"), filestores.join("\n"));
  const releases = new Map<string, string[]>();
  for (const [name, sha256] of [...hashes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const release = name.split("/")[0] ?? "";
    releases.set(release, [...(releases.get(release) ?? ["files:"]), `- name: ${name}`, `  sha256: ${sha256}`]);
  }
  for (const [release, lines] of releases) {
    writeFileSync(join(folder, "manifests", project, `${release}.yaml`), `${lines.join("\n")}\n`);
  }
}

/** For servers that ask who is calling, as the sandbox does. */
function authorization(): Readonly<Record<string, string>> {
  const token = process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
  return token ? { authorization: `Bearer ${token}` } : {};
}

async function createBucket(server: string, name: string): Promise<void> {
  const body = JSON.stringify({ name });
  const headers = { ...authorization(), "content-type": "application/json" };
  const answer = await fetch(`${server}/storage/v1/b?project=bench-project`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`bucket ${name}: ${answer.status} ${await answer.text()}`);
}

const PIECE_BYTES = 1024 * 1024;

/** Uploads bytes that no other file has: a large random piece, and the file's number in front. Returns their SHA-256. */
async function upload(server: string, bucket: string, name: string, bytes: number, index: number): Promise<string> {
  const hash = createHash("sha256");
  async function* pieces() {
    for (let sent = 0; sent < bytes; sent += PIECE_BYTES) {
      const piece = Buffer.from(pattern.subarray(0, Math.min(PIECE_BYTES, bytes - sent)));
      if (sent === 0 && piece.length >= 8) piece.writeBigUInt64BE(BigInt(index));
      hash.update(piece);
      yield piece;
    }
  }
  const url = `${server}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const headers = { ...authorization(), "content-type": "application/octet-stream", "content-length": String(bytes) };
  // `duplex` is demanded for a body that is a stream, and missing from the types.
  const answer = await fetch(url, { method: "POST", headers, body: pieces(), duplex: "half" } as RequestInit);
  if (!answer.ok) throw new Error(`upload ${name}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return hash.digest("hex");
}

/** Bytes that compress badly, made once. */
const pattern = (() => {
  const bytes = Buffer.alloc(PIECE_BYTES);
  let state = 0x9e3779b9;
  for (let at = 0; at < bytes.length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32BE(state | 0, at);
  }
  return bytes;
})();

async function inParallel<T>(width: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  }
  await Promise.all(Array.from({ length: width }, lane));
}
