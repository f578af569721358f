import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFixture } from "./compile-fixture";

const CHECKOUT = join(__dirname, "..", "..");

interface Attachment {
  readonly Addr: { readonly String: string };
}

/**
 * A provider that runs already. Terraform needs a few tenths of a second for each start of one, and starts it three times
 * per plan: tests of what a provider does attach Terraform to one, tests of how it is started don't.
 */
export class AttachedProvider {
  static async start(program: string, cwd: string, env: NodeJS.ProcessEnv): Promise<AttachedProvider> {
    // It goes with its pipe, however the tests end.
    const script = `process.stdin.on("end", () => process.exit()).resume(); require(${JSON.stringify(program)});`;
    const child = spawn(process.execPath, ["-e", script, "--", "--debug"], { cwd, env });
    let output = "";
    const addresses = await new Promise<Readonly<Record<string, Attachment>>>((resolve, reject) => {
      const listen = (piece: Buffer) => {
        output += piece;
        const [, json] = /^TF_REATTACH_PROVIDERS='(.+)'$/m.exec(output) ?? [];
        if (json !== undefined) resolve(JSON.parse(json));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", reject);
      child.once("close", () => reject(new Error(`${program} doesn't say how to attach Terraform: ${output}`)));
    });
    return new AttachedProvider(child, addresses);
  }

  /** The product's providers, as a sandbox target runs them. */
  static startOwn(cwd: string, env: NodeJS.ProcessEnv): Promise<readonly AttachedProvider[]> {
    const programs = ["lib/provider/main.ts", "sandbox/google/main.ts"].map((file) => join(CHECKOUT, file));
    return Promise.all(programs.map((program) => AttachedProvider.start(compileFixture(program), cwd, env)));
  }

  private constructor(
    private readonly process: ChildProcess,
    readonly addresses: Readonly<Record<string, Attachment>>,
  ) {}

  /** What Terraform needs in its environment to use `providers`. */
  static variables(providers: readonly AttachedProvider[]): Readonly<Record<string, string>> {
    const all = Object.assign({}, ...providers.map(({ addresses }) => addresses));
    return providers.length === 0 ? {} : { TF_REATTACH_PROVIDERS: JSON.stringify(all) };
  }

  /** Ends it at once, whatever it is at; returns when it is gone, and its socket. */
  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = once(this.process, "exit");
      this.process.kill("SIGKILL");
      await gone;
    }
    for (const { Addr } of Object.values(this.addresses))
      rmSync(dirname(Addr.String), { recursive: true, force: true });
  }
}
