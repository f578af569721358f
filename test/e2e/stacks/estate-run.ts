import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Estate } from "../../../lib/model/estate";
import { type RunningSandbox, startSandbox } from "../../../sandbox/server";
import { sandboxPlatform } from "../../../sandbox/target";
import { synthesizeInto } from "../../stacks/synth";
import { AttachedProvider } from "../../support/attached-provider";

const CHECKOUT = join(__dirname, "..", "..", "..");

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface EstateRunOptions {
  /** A program that is hashicorp/google 6.50.0. @default - the stand-in */
  readonly googleProvider?: string;
}

/** A sandbox, and a folder of stacks that terraform is run on against it. */
export class EstateRun {
  static async start({ googleProvider }: EstateRunOptions = {}): Promise<EstateRun> {
    // Below the checkout: that is how a launcher finds the plugin it starts.
    mkdirSync(join(CHECKOUT, ".artifacts"), { recursive: true });
    const folder = mkdtempSync(join(CHECKOUT, ".artifacts", "e2e-"));
    const sandbox = await startSandbox({ state: join(folder, "sandbox") });
    return new EstateRun(folder, sandbox, googleProvider);
  }

  private readonly env: NodeJS.ProcessEnv;
  private readonly running = new Set<ChildProcess>();

  private attached: Promise<readonly AttachedProvider[]> | undefined;

  private constructor(
    readonly folder: string,
    readonly sandbox: RunningSandbox,
    private readonly googleProvider: string | undefined,
  ) {
    const rc = join(folder, "terraform.rc");
    writeFileSync(rc, googleProvider === undefined ? "" : mirrorOf(folder, googleProvider));
    this.env = {
      ...process.env,
      ...sandbox.env,
      TF_CLI_CONFIG_FILE: rc,
      TF_IN_AUTOMATION: "1",
      ...(googleProvider === undefined ? {} : { ARTIFACTS_GOOGLE_PROVIDER: "registry" }),
    };
  }

  /** Replaces the stacks by those of `estate`. */
  synthesize(estate: Estate, more: NodeJS.ProcessEnv = {}): void {
    synthesizeInto(join(this.folder, "cdktf.out"), estate, sandboxPlatform({ ...this.env, ...more }));
  }

  /** Runs terraform in a stack's folder, initialised. */
  async terraform(stack: string, command: string, ...options: readonly string[]): Promise<Ended> {
    const cwd = join(this.folder, "cdktf.out", "stacks", stack);
    const init = await this.run("terraform", ["init", "-no-color", "-input=false"], cwd);
    return init.code === 0 ? this.run("terraform", [...command.split(" "), "-no-color", ...options], cwd) : init;
  }

  async apply(stack: string): Promise<Ended> {
    return this.terraform(stack, "apply", "-auto-approve", "-input=false", "-parallelism=50");
  }

  /** Applies a stack. @throws with what terraform said if it failed */
  async applied(stack: string): Promise<void> {
    const { code, output } = await this.apply(stack);
    if (code !== 0) throw new Error(`apply of ${stack} ended with ${code}:\n${output.slice(-3000)}`);
  }

  /** Code 0: no changes. Code 2: there are some. */
  async plan(stack: string): Promise<Ended> {
    return this.terraform(stack, "plan", "-detailed-exitcode", "-input=false", "-parallelism=50");
  }

  /** Addresses in the state of a stack. */
  async state(stack: string): Promise<readonly string[]> {
    const { output } = await this.terraform(stack, "state list");
    return output.split("\n").filter((line) => line !== "" && !line.startsWith("data."));
  }

  /** What Terraform knows of a stack is gone; what exists stays. */
  forgetState(stack: string): void {
    rmSync(join(this.folder, "sandbox", "terraform", `${stack}.tfstate`));
  }

  /** Adds import blocks to a synthesized stack. */
  addImports(stack: string, imports: readonly { readonly to: string; readonly id: string }[]): void {
    const path = join(this.folder, "cdktf.out", "stacks", stack, "imports.tf.json");
    writeFileSync(path, JSON.stringify({ import: imports }));
  }

  /** Calls the sandbox as `principal`, or as nobody. */
  async call(method: string, path: string, principal?: string, body?: unknown): Promise<Response> {
    return fetch(`${this.sandbox.url}${path}`, {
      method,
      headers: {
        ...(principal === undefined ? {} : { authorization: `Bearer ${principal}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  /** Kills every program that runs, and the providers, as a lost machine does. */
  async kill(): Promise<void> {
    for (const child of this.running) child.kill("SIGKILL");
    const attached = (await this.attached) ?? [];
    this.attached = undefined;
    await Promise.all(attached.map((provider) => provider.close()));
  }

  async close(): Promise<void> {
    await this.kill();
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program with the sandbox's environment. */
  async run(program: string, words: readonly string[], cwd = this.folder): Promise<Ended> {
    const env = program === "terraform" ? { ...this.env, ...(await this.attach()) } : this.env;
    const child = spawn(program, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.running.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        this.running.delete(child);
        resolve({ code, output });
      });
    });
  }

  /** What Terraform needs to use our providers, which are started for it if they don't run. */
  private async attach(): Promise<NodeJS.ProcessEnv> {
    // Beside the real provider Terraform starts ours as well, as users' does.
    if (this.googleProvider !== undefined) return {};
    this.attached ??= AttachedProvider.startOwn(this.folder, this.env);
    return AttachedProvider.variables(await this.attached);
  }
}

/** A mirror of one provider, so that terraform asks no registry. */
function mirrorOf(folder: string, program: string): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const mirror = join(folder, "mirror");
  const place = join(mirror, "registry.terraform.io/hashicorp/google/6.50.0", `${process.platform}_${arch}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "terraform-provider-google_v6.50.0"), readFileSync(program), { mode: 0o755 });
  return `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`;
}
