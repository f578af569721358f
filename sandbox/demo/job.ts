import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { appliedStacks } from "./applied-stacks";
import { CloudUser } from "./cloud-user";
import type { CommandResult, CommandRunner } from "./command";
import { refusals } from "./refusals";
import { manifestLines, newRelease, sha256 } from "./release";
import type { SandboxProcess } from "./sandbox-process";
import type { Story } from "./story";
import { expectStatus, LATHE, pushReleases, QUILL } from "./teams";

const PRODUCTION = "oss-artifacts-prod";
const STRANGER = "user:mallory@example.net";
const VERSION = "v1.5.0";

export interface JobContext {
  readonly story: Story;
  readonly commands: CommandRunner;
  readonly sandbox: SandboxProcess;

  /** The folder of the inputs, a git checkout. */
  readonly inputs: string;

  /** Environment of every command. */
  readonly env: NodeJS.ProcessEnv;
  readonly cdktf: string;
  readonly artifacts: string;
}

export interface Published {
  readonly files: number;
  readonly bytes: number;
}

/** The main job, step by step, with the product's own commands. */
export class MainJob {
  private readonly member: CloudUser;

  constructor(private readonly context: JobContext) {
    this.member = this.user(LATHE.member);
  }

  async deployEstate(): Promise<void> {
    const { story } = this.context;
    await this.git("init", "--quiet", "--initial-branch=main");
    await this.commit("Reviewed inputs");
    story.doing("npx cdktf deploy groups serving 'staging-*'");
    const { output } = await this.cdktf(["deploy", "groups", "serving", "staging-*", "--auto-approve"]);
    story.proved("terraform applied the groups, serving and staging stacks", appliedStacks(output));
    const groups = await this.artifacts(["groups", "diff"]);
    story.proved("every Google Group is as declared", lastLines(groups.output, 1));
  }

  async push(): Promise<void> {
    const { story, inputs, sandbox } = this.context;
    const count = await pushReleases(inputs, sandbox.url);
    story.proved(
      `${LATHE.member} and ${QUILL.member} (a member through a nested group) pushed ${count} files of earlier releases`,
    );
    const release = newRelease(VERSION);
    for (const { name, bytes } of release) {
      expectStatus(await this.member.push(LATHE.bucket, LATHE.prefix + name, bytes), 200, name);
    }
    story.proved(
      `${LATHE.member} pushed lathe ${VERSION} to staging`,
      release.map(
        ({ name, bytes }) => `${String(bytes.length).padStart(8)}  gs://${LATHE.bucket}/${LATHE.prefix}${name}`,
      ),
    );
    const stranger = this.user(STRANGER);
    expectStatus(await stranger.push(LATHE.bucket, "releases/evil", Buffer.from("x")), 403, "a stranger's push");
    story.proved(`403: IAM refuses a push by ${STRANGER}`);
    expectStatus(
      await this.member.push(PRODUCTION, "binaries/lathe/evil", Buffer.from("x")),
      403,
      "a push to production",
    );
    story.proved(`403: IAM refuses ${LATHE.member}'s push to production`);
  }

  async review(): Promise<void> {
    const { story } = this.context;
    await this.git("switch", "--quiet", "--create", "release");
    await this.writeManifest(VERSION);
    await this.commit(`Release lathe ${VERSION}`);
    const check = await this.artifacts(["check", "--base", "main"]);
    story.proved(
      "artifacts check, without credentials: every new line's bytes were read and hashed",
      lastLines(check.output, 12),
    );
    const plan = await this.cdktf(["diff", `promote-${LATHE.directory}`]);
    const planned = pick(plan.output, new RegExp(`"${VERSION}/.*"`));
    const { length: wanted } = newRelease(VERSION);
    if (planned.length !== wanted)
      throw new Error(
        `the plan has ${planned.length} lines for ${wanted} files:\n${lastLines(plan.output, 20).join("\n")}`,
      );
    story.proved("cdktf plan: one line per file", planned);
    await this.git("switch", "--quiet", "main");
    await this.git("merge", "--quiet", "release");
  }

  async publish(): Promise<Published> {
    const { story, inputs, sandbox } = this.context;
    story.doing("npx cdktf deploy 'promote-*'");
    const { output } = await this.cdktf(["deploy", "promote-*", "--auto-approve"]);
    story.proved("terraform published every line", appliedStacks(output));
    const published = { files: 0, bytes: 0 };
    for (const [directory, path] of [
      [LATHE.directory, "binaries/lathe/"],
      [QUILL.directory, "binaries/quill/"],
    ] as const) {
      for (const line of manifestLines(inputs, directory)) {
        const url = `${sandbox.url}/${PRODUCTION}/${path}${line.name}`;
        const answer = await fetch(url);
        const bytes = Buffer.from(await answer.arrayBuffer());
        if (answer.status !== 200 || sha256(bytes) !== line.sha256) {
          throw new Error(
            `${url} answered ${answer.status} with sha256 ${sha256(bytes)}, its manifest says ${line.sha256}`,
          );
        }
        published.files += 1;
        published.bytes += bytes.length;
      }
    }
    story.proved(`${published.files} files fetched through their public URLs; every sha256 is the manifest's`);
    const status = await this.artifacts(["status", "--deep"]);
    story.proved("artifacts status agrees", lastLines(status.output, 1));
    return published;
  }

  async refuse(): Promise<void> {
    const { story } = this.context;
    for (const stack of [`promote-${LATHE.directory}`, "staging-lathe"]) {
      const { output } = await this.cdktf(["diff", stack]);
      const unchanged = pick(output, /No changes\./);
      if (unchanged.length === 0)
        throw new Error(`a second plan of ${stack} is not empty:\n${lastLines(output, 20).join("\n")}`);
      story.proved(`a second plan of ${stack} is empty`, unchanged.slice(0, 1));
    }
    await this.refused("a changed object in staging", /the source has sha256/, async () => {
      await this.pushVersion("v1.6.0");
      await this.writeManifest("v1.6.0");
      await this.member.push(LATHE.bucket, `${LATHE.prefix}v1.6.0/SHA256SUMS`, Buffer.from("other bytes\n"));
    });
    await this.refused("a wrong hash", /the source has sha256 .*, the manifest says 00000000/, async () => {
      await this.pushVersion("v1.7.0");
      await this.writeManifest("v1.7.0");
      this.editManifest("v1.7.0", (text) => text.replace(/sha256: .{8}/, "sha256: 00000000"));
    });
    await this.refused("a missing version directory", /not found.*did you mean/, async () => {
      await this.pushVersion("v1.8.0");
      await this.writeManifest("v1.8.0");
      this.editManifest("v1.8.0", (text) => text.replaceAll("name: v1.8.0/", "name: "));
    });
    await this.refused("a changed line that is published", /other bytes are published/, async () => {
      this.editManifest(VERSION, (text) => text.replace(/sha256: .{8}/, "sha256: 00000000"));
    });
    await this.git("switch", "--quiet", "--create", "rewrite-history", "main");
    this.editManifest(VERSION, (text) => text.replace(/sha256: .{8}/, "sha256: 00000000"));
    const plan = await this.cdktf(["diff", `promote-${LATHE.directory}`], [1]);
    const refusal = pick(plan.output, /Error: .*published/).map((line) => line.replace(/^\W*/, ""));
    if (refusal.length === 0)
      throw new Error(`the plan failed for another reason:\n${lastLines(plan.output, 20).join("\n")}`);
    story.proved("terraform refuses to plan a changed published line as well", refusal.slice(0, 1));
    await this.git("checkout", "--quiet", "--force", "main");
  }

  /** Makes a bad change on a branch and shows that the check of a pull request refuses it for this reason. */
  private async refused(what: string, reason: RegExp, change: () => Promise<void>): Promise<void> {
    const branch = what.replaceAll(" ", "-");
    await this.git("switch", "--quiet", "--create", branch, "main");
    await change();
    await this.commit(what);
    const check = await this.artifacts(["check", "--base", "main"], [1]);
    const shown = refusals(check.output, reason);
    if (shown.length === 0)
      throw new Error(`artifacts check refused ${what} for another reason:\n${lastLines(check.output, 20).join("\n")}`);
    this.context.story.proved(`${what} is refused`, shown);
    await this.git("switch", "--quiet", "main");
  }

  private async pushVersion(version: string): Promise<void> {
    for (const { name, bytes } of newRelease(version)) {
      expectStatus(await this.member.push(LATHE.bucket, LATHE.prefix + name, bytes), 200, name);
    }
  }

  private async writeManifest(version: string): Promise<void> {
    const { story, inputs } = this.context;
    const from = `gs://${LATHE.bucket}/${LATHE.prefix}${version}/`;
    story.doing(`npx artifacts manifest ${from} --filestore ${LATHE.directory}`);
    const { stdout } = await this.artifacts(["manifest", from, "--filestore", LATHE.directory]);
    const file = join(inputs, "manifests", LATHE.directory, `${version}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stdout);
  }

  private editManifest(version: string, edit: (text: string) => string): void {
    const file = join(this.context.inputs, "manifests", LATHE.directory, `${version}.yaml`);
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    const after = edit(before);
    if (after === before) throw new Error(`${file} has nothing to change`);
    writeFileSync(file, after);
  }

  private user(principal: string): CloudUser {
    return new CloudUser(principal, this.context.sandbox.url);
  }

  private async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git(
      "-c",
      "user.name=Demo",
      "-c",
      "user.email=demo@example.org",
      "commit",
      "--quiet",
      "--message",
      message,
    );
  }

  private git(...words: readonly string[]): Promise<CommandResult> {
    return this.context.commands.run(["git", ...words], this.context.env);
  }

  private cdktf(words: readonly string[], expect = [0]): Promise<CommandResult> {
    return this.context.commands.run([this.context.cdktf, ...words], this.context.env, expect);
  }

  private artifacts(words: readonly string[], expect = [0]): Promise<CommandResult> {
    return this.context.commands.run([process.execPath, this.context.artifacts, ...words], this.context.env, expect);
  }
}

function pick(output: string, pattern: RegExp): readonly string[] {
  return output
    .split("\n")
    .filter((line) => pattern.test(line))
    .map((line) => line.trim());
}

function lastLines(output: string, count: number): readonly string[] {
  return output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
