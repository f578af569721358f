import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RunningSandbox, startSandbox } from "../../../sandbox/server";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A sandbox, a folder of inputs and the command, as one user has them on one machine. */
export class World {
  static async create(): Promise<World> {
    const sandbox = await startSandbox();
    const world = new World(sandbox, mkdtempSync(join(tmpdir(), "artifacts-cli-")));
    await world.call("POST", "/resource-manager/v1/projects", { projectId: "some-project", name: "some-project" });
    return world;
  }

  private constructor(
    readonly sandbox: RunningSandbox,
    readonly root: string,
  ) {}

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  path(file: string): string {
    return join(this.root, file);
  }

  write(file: string, text: string | Uint8Array): string {
    const path = this.path(file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  remove(file: string): void {
    rmSync(this.path(file), { recursive: true, force: true });
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true });
    renameSync(this.path(from), this.path(to));
  }

  /** `filestores/<directory>/filepromoter-manifest.yaml` with one source and destinations. */
  writeFilestore(directory: string, source: string, ...destinations: readonly string[]): void {
    const lines = [`- base: ${source}`, "  src: true", ...destinations.map((base) => `- base: ${base}`)];
    this.write(`filestores/${directory}/filepromoter-manifest.yaml`, `filestores:\n${lines.join("\n")}\n`);
  }

  /** `infra.yaml` with staging projects; a block of text follows a project's id. */
  writeInfra(projects: Readonly<Record<string, string>>, managedBy = "by-hand.sh"): void {
    const lines = Object.entries(projects).map(([id, block]) => `      ${id}:${block === "" ? "" : ` ${block}`}\n`);
    this.write(
      "infra/gcp/infra.yaml",
      `infra:\n  staging:\n    managed_by: ${managedBy}\n    projects:\n${lines.join("")}`,
    );
  }

  /** Commits everything in the folder of inputs; the first time makes it a repository. */
  commit(message = "change"): string {
    if (!existsSync(this.path(".git"))) this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "-m", message);
    return this.git("rev-parse", "HEAD");
  }

  git(...args: readonly string[]): string {
    const person = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    return execFileSync("git", ["-C", this.root, ...person, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  }

  /** A manifest of files whose bytes are given. */
  writeManifest(file: string, files: Readonly<Record<string, string>>): void {
    const lines = Object.entries(files).map(([name, bytes]) => `- name: ${name}\n  sha256: ${sha256(bytes)}\n`);
    this.write(`manifests/${file}`, lines.length === 0 ? "files: []\n" : `files:\n${lines.join("")}`);
  }

  /** Runs the command in the folder of inputs, without credentials unless `env` brings some. */
  artifacts(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { GOOGLE_OAUTH_ACCESS_TOKEN, ...anonymous } = this.sandbox.env;
    return run([join(__dirname, "../../../dist/lib/cli/artifacts.js"), ...args], this.root, {
      ...anonymous,
      ARTIFACTS_CACHE_DIR: "",
      ...env,
    });
  }

  /** The variables that make a caller somebody. */
  as(principal: string): Readonly<Record<string, string>> {
    return { GOOGLE_OAUTH_ACCESS_TOKEN: principal };
  }

  get owner(): Readonly<Record<string, string>> {
    return this.as(this.sandbox.env.GOOGLE_OAUTH_ACCESS_TOKEN ?? "");
  }

  /** A bucket that everybody may read. */
  async createBucket(name: string): Promise<void> {
    await this.call("POST", "/storage/v1/b?project=some-project", {
      name,
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });
    const policy = await this.call("GET", `/storage/v1/b/${name}/iam`);
    const bindings = [...policy.bindings, { role: "roles/storage.objectViewer", members: ["allUsers"] }];
    await this.call("PUT", `/storage/v1/b/${name}/iam`, { ...policy, bindings });
  }

  async upload(bucket: string, name: string, bytes: string | Uint8Array): Promise<{ readonly generation: string }> {
    const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
    return (await this.fetch("POST", path, bytes)).json() as Promise<{ generation: string }>;
  }

  async download(bucket: string, name: string): Promise<string | undefined> {
    const answer = await fetch(`${this.sandbox.url}/${bucket}/${name}`, { headers: this.headers });
    return answer.status === 200 ? answer.text() : undefined;
  }

  async call(method: string, path: string, body?: object) {
    const answer = await this.fetch(method, path, body === undefined ? undefined : JSON.stringify(body));
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  }

  private async fetch(method: string, path: string, body?: string | Uint8Array): Promise<Response> {
    const headers = {
      ...this.headers,
      "content-type": path.startsWith("/upload") ? "application/octet-stream" : "application/json",
    };
    const answer = await fetch(this.sandbox.url + path, { method, headers, ...(body !== undefined && { body }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  private get headers() {
    return { authorization: `Bearer ${this.sandbox.env.GOOGLE_OAUTH_ACCESS_TOKEN}` };
  }
}

/** Runs a Node script to its end; the loopback server in this process keeps answering meanwhile. */
export function run(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const clean = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
    const child = spawn(process.execPath, [...args], { cwd, env: clean, stdio: ["ignore", "pipe", "pipe"] });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      out.stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...out }));
  });
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
