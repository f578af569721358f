import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { settleTerraformProgram, terraformProblem } from "../../lib/terraform-program";
import { CommandFailed, CommandRunner } from "./command";
import { MainJob } from "./job";
import { reportPage, type Totals } from "./report-page";
import { startSandboxProcess } from "./sandbox-process";
import { makeScratch, removeScratch, type Scratch } from "./scratch";
import { Story } from "./story";
import { gitProblem, throwawayGit } from "./throwaway-git";

const checkout = resolve(__dirname, "..", "..", "..");

async function main(): Promise<number> {
  const write = (text: string): void => void process.stdout.write(text);
  settleTerraformProgram(process.env);
  const problems = [terraformProblem(process.env), gitProblem(process.env)].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\n`);
    return 3;
  }
  write("From reviewed YAML to published files, on this machine, with a local Google Cloud.\n");
  const scratch = tryToMakeScratch();
  if (scratch === undefined) return 3;
  const story = new Story(write);
  try {
    await tell(scratch, story);
    removeScratch(scratch, false);
    return 0;
  } catch (error) {
    explain(error, story, scratch);
    removeScratch(scratch, true);
    return 1;
  }
}

function tryToMakeScratch(): Scratch | undefined {
  try {
    return makeScratch(checkout);
  } catch (error) {
    process.stderr.write(`The run needs a folder of its own: ${error instanceof Error ? error.message : error}\n`);
    process.stderr.write(
      `${join(checkout, ".artifacts")} must be a folder that can be written, with some 20 MB left on its disk.\n`,
    );
    return undefined;
  }
}

async function tell(scratch: Scratch, story: Story): Promise<void> {
  const started = performance.now();
  const commands = new CommandRunner(scratch.inputs, scratch.logs);
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    // While the sandbox still answers: terraform would try for long to reach one that is gone.
    await commands.stop();
    for (const stop of stops.splice(0)) await stop();
  };
  let giveUp: (error: Error) => void = () => {};
  const cutShort = new Promise<never>((_, reject) => {
    giveUp = reject;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
    }
  });
  try {
    await Promise.race([cutShort, run()]);
  } finally {
    await stopAll();
  }

  async function run(): Promise<void> {
    let job: MainJob | undefined;
    let published = { files: 0, bytes: 0 };
    await story.step("Start the sandbox", async () => {
      const sandboxMain = join(checkout, "dist", "sandbox", "main.js");
      const sandbox = await startSandboxProcess(sandboxMain, scratch.sandbox, join(scratch.logs, "sandbox.log"));
      stops.push(() => sandbox.stop());
      sandbox.ended.catch(giveUp);
      // Of this process as well: Google's client library sends a caller's proxy what is meant for the sandbox.
      for (const name of ["NO_PROXY", "no_proxy"]) process.env[name] = sandbox.env[name];
      const env = {
        ...throwawayGit(unsettled(process.env)),
        ...sandbox.env,
        TF_CLI_CONFIG_FILE: join(scratch.folder, "terraform.rc"),
        CI: "true",
        FORCE_COLOR: "0",
      };
      const cdktf = join(checkout, "node_modules", ".bin", "cdktf");
      const artifacts = join(checkout, "bin", "artifacts.cjs");
      job = new MainJob({ story, commands, sandbox, inputs: scratch.inputs, env, cdktf, artifacts });
      story.proved(`a local Google Cloud answers at ${sandbox.url}, its console at ${sandbox.url}/`);
    });
    if (job === undefined) throw new Error("the sandbox did not start");
    const main = job;
    await story.step("Deploy groups, serving and staging projects", () => main.deployEstate());
    await story.step("Push releases, and try to push where one may not", () => main.push());
    await story.step("Write the manifest, check and plan it as a pull request would", () => main.review());
    await story.step("Publish, and fetch every file as the public would", async () => {
      published = await main.publish();
    });
    await story.step("Plan again, and try to break the rules", () => main.refuse());
    const counts = await estateCounts(commands, checkout, scratch);
    close(story, { ...counts, ...published, seconds: (performance.now() - started) / 1000 });
  }
}

/** Without what would lead Terraform or our commands to other folders than those of this run. */
function unsettled(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(ARTIFACTS_|TF_(DATA_DIR|WORKSPACE|CLI_ARGS))/.test(name)),
  );
}

/** What `artifacts validate` counts in the inputs. */
async function estateCounts(
  commands: CommandRunner,
  root: string,
  scratch: Scratch,
): Promise<{ projects: number; groups: number }> {
  const words = [process.execPath, join(root, "bin", "artifacts.cjs"), "validate", "--json", "--root", scratch.inputs];
  const { stdout } = await commands.run(words, process.env);
  const { counts } = JSON.parse(stdout) as { counts: { staging: number; groups: number } };
  return { projects: counts.staging, groups: counts.groups };
}

function close(story: Story, totals: Totals): void {
  const rows = [
    ["staging projects", String(totals.projects)],
    ["groups", String(totals.groups)],
    ["files published", String(totals.files)],
    ["bytes", totals.bytes.toLocaleString("en")],
    ...story.steps.map(({ title, seconds }, index) => [`${index + 1}. ${title}`, `${seconds.toFixed(1)} s`]),
    ["whole run", `${totals.seconds.toFixed(1)} s`],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`\n${rows.map(([name, value]) => `${name.padEnd(width)}  ${value.padStart(10)}`).join("\n")}\n`);
  const page = join(checkout, ".artifacts", "last-run.html");
  mkdirSync(join(checkout, ".artifacts"), { recursive: true });
  writeFileSync(page, reportPage(story.steps, totals));
  process.stdout.write(`\nThe same as a page: ${page}\nKeep a sandbox open and try it yourself: npm run sandbox\n`);
}

function explain(error: unknown, story: Story, scratch: Scratch): void {
  process.stderr.write(`\nFailed ${story.place}\n`);
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  if (error instanceof CommandFailed) {
    const tail = error.result.output.trimEnd().split("\n").slice(-25);
    process.stderr.write(
      `\nIts last lines:\n${tail.map((line) => `    ${line}`).join("\n")}\n\nAll of it: ${error.logFile}\n`,
    );
  }
  process.stderr.write(`Logs of every command: ${scratch.logs}\nThe sandbox is stopped and its state removed.\n`);
}

// Whoever reads along may stop (`| head`), or close the terminal: the run still cleans up after itself.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 3;
  },
);
