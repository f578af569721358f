import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { installPlugins, sharedPlugins } from "../../../lib/constructs/artifacts-plugin";
import type { Estate } from "../../../lib/model/estate";
import { sandboxPlatform } from "../../../sandbox/target";
import { type Ended, EstateRun } from "./estate-run";

/** What happens to a request in the middle of an apply: it is refused, answered "later", done without an answer, or the last. */
export interface Interruption {
  readonly how: "refused" | "busy" | "lost" | "killed";
  readonly method: string;
  readonly skip: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The stacks of an estate as modules of one Terraform root, because starting Terraform and its provider for each of
 * them takes most of the time. Their resources are what the product synthesizes, byte for byte; only the blocks that
 * Terraform allows in a root alone (backend, provider, import) move there.
 */
export class ConvergenceRoot {
  static async start(): Promise<ConvergenceRoot> {
    return new ConvergenceRoot(await EstateRun.start());
  }

  /** Where inputs may be written. */
  readonly inputs: string;
  private readonly folder: string;
  private modules = "";

  private constructor(readonly run: EstateRun) {
    this.inputs = join(run.folder, "inputs");
    this.folder = join(run.folder, "root");
    mkdirSync(join(this.folder, "modules"), { recursive: true });
    const { googlePlugin } = sandboxPlatform(run.sandbox.env as NodeJS.ProcessEnv & Record<string, string>);
    const plugins = googlePlugin === undefined ? [] : [googlePlugin];
    installPlugins(this.folder, plugins, sharedPlugins(this.folder, plugins));
  }

  /** Synthesizes `estate`. A stack that it does not have any more stays as it was: nobody applies it. */
  async declare(estate: Estate): Promise<void> {
    rmSync(join(this.run.folder, "cdktf.out"), { recursive: true, force: true });
    this.run.synthesize(estate);
    const stacks = readdirSync(join(this.run.folder, "cdktf.out", "stacks")).filter(isGoogles);
    const imports: Json[] = [];
    let provider: unknown;
    for (const stack of stacks) {
      const { provider: own, import: blocks = [], terraform, ...rest } = this.synthesized(stack);
      provider = own;
      imports.push(...(blocks as Json[]).map(({ to, id }) => ({ to: `module.${stack}.${to}`, id })));
      const { backend: _, ...required } = terraform as Json;
      this.write(join("modules", stack, "main.tf.json"), { ...rest, terraform: required });
    }
    const modules = readdirSync(join(this.folder, "modules"));
    this.write("main.tf.json", {
      terraform: { required_providers: { google: { source: "google", version: "6.50.0" } } },
      provider,
      module: Object.fromEntries(
        modules.map((name) => [name, { source: `./modules/${name}`, ...after(name, modules) }]),
      ),
      ...(imports.length === 0 ? {} : { import: imports }),
    });
    if (modules.join() === this.modules) return;
    const { code, output } = await this.terraform("init");
    if (code !== 0) throw new Error(output);
    this.modules = modules.join();
  }

  apply(): Promise<Ended> {
    return this.terraform("apply", "-auto-approve", "-parallelism=50");
  }

  /** Code 0: no changes. Code 2: there are some. */
  plan(): Promise<Ended> {
    return this.terraform("plan", "-detailed-exitcode", "-parallelism=50");
  }

  /** Applies while one request after the `skip`th goes wrong; what is left is whatever had been reached. */
  async interruptedApply({ how, method, skip }: Interruption): Promise<Ended> {
    const action = {
      refused: { status: 403 },
      busy: { status: 503 },
      lost: { reset: "after" },
      killed: { stall: true },
    };
    // Not where Google makes names up: an answer that is lost there leaves a second one that nobody can tell from the first.
    const match = {
      method,
      path: how === "lost" ? "^(?!.*/(notificationChannels|contacts)).*(staging|birch)" : "staging|birch",
    };
    const times = how === "refused" || how === "lost" ? 3 : 1;
    await this.control("POST", "faults", { match, skip, times, action: action[how] });
    const applying = this.apply();
    if (how === "killed") {
      const ended = applying.then(() => "ended");
      while ((await this.strikes()) === 0 && (await Promise.race([ended, setTimeout(50)])) !== "ended");
      await this.killWith(await this.calm(), applying);
    }
    const result = await applying;
    await this.control("DELETE", "faults");
    await this.calm();
    return result;
  }

  private async strikes(): Promise<number> {
    const { faults } = (await (await this.control("GET", "faults")).json()) as { faults: { struck: number }[] };
    return faults.reduce((total, { struck }) => total + struck, 0);
  }

  /** Terraform's local state is not written in one piece, as that in a bucket is: half a state is taken back. */
  private async killWith(state: string, applying: Promise<Ended>): Promise<void> {
    await this.run.kill();
    await applying;
    if (!isWhole(this.state())) writeFileSync(join(this.folder, "terraform.tfstate"), state);
  }

  /** Waits until nothing is asked and nothing is recorded any more, and returns Terraform's state. */
  private async calm(): Promise<string> {
    for (let before = ""; ; ) {
      const state = this.state();
      const now = (await (await this.control("GET", "requests?limit=1")).text()) + state;
      if (now === before && isWhole(state)) return state;
      before = now;
      await setTimeout(250);
    }
  }

  private state(): string {
    const path = join(this.folder, "terraform.tfstate");
    return existsSync(path) ? readFileSync(path, "utf8") : "{}";
  }

  private control(method: string, path: string, body?: unknown): Promise<Response> {
    return this.run.call(method, `/sandbox/v1/${path}`, undefined, body);
  }

  private terraform(command: string, ...options: readonly string[]): Promise<Ended> {
    return this.run.run("terraform", [command, "-no-color", "-input=false", ...options], this.folder);
  }

  private synthesized(stack: string): Json {
    return JSON.parse(readFileSync(join(this.run.folder, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8"));
  }

  private write(file: string, content: Json): void {
    mkdirSync(join(this.folder, file, ".."), { recursive: true });
    writeFileSync(join(this.folder, file), JSON.stringify(content));
  }
}

function isWhole(state: string): boolean {
  try {
    return typeof JSON.parse(state) === "object";
  } catch {
    return false;
  }
}

function isGoogles(stack: string): boolean {
  return stack === "serving" || stack.startsWith("staging-");
}

/** The order that the stacks declare to the CLI: the production side first, a shared project before its guests. */
function after(name: string, modules: readonly string[]): Json {
  if (name === "serving") return {};
  const others = name === "staging-guest" ? ["serving", "staging-pool"] : ["serving"];
  return { depends_on: others.filter((other) => modules.includes(other)).map((other) => `module.${other}`) };
}
