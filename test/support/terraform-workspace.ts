import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { AttachedProvider } from "./attached-provider";

/** How a run of terraform ended. */
export interface TerraformRun {
  readonly code: number | null;

  /** Standard output and standard error, without colours, in the order they came. */
  readonly output: string;
}

export interface RunningTerraform {
  readonly process: ChildProcess;
  readonly finished: Promise<TerraformRun>;
}

export interface WorkspacePlugin {
  /** E.g. `example.test/test/files`. */
  readonly source: string;

  /** The compiled program that serves it. */
  readonly program: string;
}

/** A folder with a Terraform configuration and a provider that was not installed from anywhere. */
export class TerraformWorkspace {
  readonly folder = mkdtempSync(join(tmpdir(), "terraform-workspace-"));

  /** Where plugins make their sockets: empty again when they are gone. */
  readonly sockets = join(this.folder, "s");

  private attached: AttachedProvider | undefined;

  constructor(
    private readonly plugin: WorkspacePlugin,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    mkdirSync(this.sockets);
    writeFileSync(join(this.folder, "empty.tfrc"), "");
    const type = basename(plugin.source);
    const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
    const folder = join(this.folder, "terraform.d", "plugins", plugin.source, "1.0.0", platform);
    mkdirSync(folder, { recursive: true });
    const launcher = join(folder, `terraform-provider-${type}.cjs`);
    writeFileSync(launcher, `#!${process.execPath}\nrequire(${JSON.stringify(plugin.program)});\n`);
    chmodSync(launcher, 0o755);
  }

  /** Replaces the configuration; the provider requirement is added. */
  write(config: object): void {
    const type = basename(this.plugin.source);
    const required_providers = { [type]: { source: this.plugin.source, version: "1.0.0" } };
    writeFileSync(
      join(this.folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers }, ...config }, undefined, 2),
    );
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  readJson(name: string): unknown {
    return JSON.parse(readFileSync(this.path(name), "utf8"));
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true });
  }

  /** Starts the provider once for all runs of terraform, see `AttachedProvider`. */
  async attach(): Promise<void> {
    this.attached = await AttachedProvider.start(this.plugin.program, this.folder, {
      ...process.env,
      ...this.env,
      PLUGIN_UNIX_SOCKET_DIR: this.sockets,
    });
  }

  /** Runs terraform to its end. */
  async run(...args: readonly string[]): Promise<TerraformRun> {
    return this.start(...args).finished;
  }

  /** Starts terraform in a process group of its own, as a shell would. */
  start(...args: readonly string[]): RunningTerraform {
    const own = { TF_CLI_CONFIG_FILE: join(this.folder, "empty.tfrc"), PLUGIN_UNIX_SOCKET_DIR: this.sockets };
    const attached = this.attached === undefined ? {} : AttachedProvider.variables([this.attached]);
    return runTerraform(this.folder, { ...own, ...attached, ...this.env }, args);
  }

  async close(): Promise<void> {
    await this.attached?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts terraform in `folder`, away from the user's settings, in a process group of its own. */
export function runTerraform(
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): RunningTerraform {
  const quiet = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_CLI_ARGS: "-no-color", TF_PLUGIN_CACHE_DIR: "" };
  const child = spawn(process.env.TERRAFORM_BINARY_NAME ?? "terraform", args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...quiet, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const finished = new Promise<TerraformRun>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  return { process: child, finished };
}
