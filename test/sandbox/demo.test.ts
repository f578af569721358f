import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandRunner } from "../../sandbox/demo/command";
import { refusals } from "../../sandbox/demo/refusals";
import { reportPage } from "../../sandbox/demo/report-page";
import { readExports, startSandboxProcess } from "../../sandbox/demo/sandbox-process";
import { makeScratch } from "../../sandbox/demo/scratch";
import { Story } from "../../sandbox/demo/story";
import { throwawayGit } from "../../sandbox/demo/throwaway-git";
import { exportLine } from "../../sandbox/env";

const folder = mkdtempSync(join(tmpdir(), "demo-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a command whose log can not be written fails, and says which log", async () => {
  const commands = new CommandRunner(folder, join(folder, "missing"));

  await expect(commands.run([process.execPath, "-e", "0"], process.env)).rejects.toThrow(
    /missing\/01-.*\.log can not be written: ENOENT/,
  );
});

test("what is parsed of a command is what it says on stdout alone", async () => {
  const said = await new CommandRunner(folder, folder).run(["/bin/sh", "-c", "echo help >&2; echo '{}'"], process.env);

  expect([said.stdout, said.output]).toEqual(["{}\n", expect.stringContaining("help")]);
});

test("the export line means to npm start what it means to a shell, whatever the path of the checkout", () => {
  const environment = { PLAIN: "/a/b", EMPTY: "", STATE: '/tmp/it\'s a $x `b` "c"/run', NEXT: "1" };

  expect(readExports(exportLine(environment).replace(/^export /, ""))).toEqual(environment);
});

test("a command that was killed fails with its signal, and its log is named after it", async () => {
  const commands = new CommandRunner(folder, folder);
  const run = commands.run(["/bin/sh", "-c", "kill -9 $$"], process.env, [1]);

  await expect(run).rejects.toMatchObject({
    message: "`/bin/sh -c kill -9 $$` was killed (SIGKILL)",
    logFile: join(folder, "01-sh-kill_-9_.log"),
  });
});

test.each([
  { when: "ends when it is asked twice", onTerm: "if (++asked === 2) process.exit(0)" },
  { when: "never ends by itself", onTerm: "" },
])("when the run is stopped, a command that $when has ended, and none is started any more", async ({ onTerm }) => {
  const commands = new CommandRunner(folder, folder);
  const script = `let asked = 0; process.on("SIGTERM", () => { ${onTerm} }); console.log(process.pid); setInterval(() => {}, 1e4)`;
  let failed: Promise<unknown> = Promise.resolve();
  const pid = await new Promise<number>((resolve) => {
    failed = commands.run([process.execPath, "-e", script], process.env, [7], (line) => resolve(Number(line)));
    failed.catch(() => {});
  });

  await commands.stop(0.2);

  await expect(failed).rejects.toThrow(/ended with exit code 0|was killed/);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  await expect(commands.run(["true"], process.env)).rejects.toThrow("not started, as the run is stopped");
});

test("a failure is told of the step that it happened in, or after", async () => {
  const story = new Story(() => {});
  await story.step("Deploy", async () => {});
  expect(story.place).toBe("after step 1: Deploy");

  await expect(story.step("Push", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(story.place).toBe("in step 2: Push");
});

test("the page tells the commands that were run and what they proved", async () => {
  const story = new Story(() => {});
  await story.step("Deploy", async () => {
    story.doing("npx cdktf deploy 'promote-*'");
    story.proved("3 files < 4", ["a", "b"]);
  });

  const page = reportPage(story.steps, { projects: 1, groups: 2, files: 3, bytes: 4, seconds: 5 });
  expect(page).toContain(`<li class="command"><code>npx cdktf deploy 'promote-*'</code></li>`);
  expect(page).toContain("<li>3 files &lt; 4<pre>a\nb</pre></li>");
});

test("a sandbox that dies is told at once", async () => {
  const main = join(folder, "sandbox.js");
  writeFileSync(
    main,
    'console.log("export ARTIFACTS_SANDBOX=http://x"); setInterval(() => process.kill(process.pid, 9))',
  );
  const { ended } = await startSandboxProcess(main, folder, join(folder, "sandbox.log"));

  await expect(ended).rejects.toThrow("the sandbox ended (SIGKILL)");
});

test("folders of a run that can not be filled leave nothing behind", () => {
  const checkout = join(folder, "checkout");
  mkdirSync(checkout);
  writeFileSync(join(checkout, "infra"), "a file, and the other inputs are missing");

  expect(() => makeScratch(checkout)).toThrow("ENOENT");
  expect(readdirSync(join(checkout, ".artifacts"))).toEqual([]);
});

test("a refusal is shown with its repair, and is none for another reason", () => {
  const refused = ["v1.yaml:2:3: error: b/x: the source has sha256 aa", "    Nothing was copied.", "    Upload x."];
  const output = ["FAILED: 1 failed", "", ...refused, "c.yaml: error: list b: 403 Forbidden", "", "failed: 2 errors"];

  expect(refusals(output.join("\n"), /the source has sha256/)).toEqual(refused);
  expect(refusals(output.join("\n"), /not found/)).toEqual([]);
});

test("git in a throwaway repository knows nothing of the repository that a hook runs in", () => {
  const env = throwawayGit({
    PATH: "/bin",
    GIT_DIR: "/elsewhere/.git",
    GIT_INDEX_FILE: "index",
    GIT_CONFIG_GLOBAL: "mine",
  });

  expect(env).toEqual({ PATH: "/bin", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
});
