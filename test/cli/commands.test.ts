import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandTable } from "../../lib/cli/command-table";
import { ExitCode } from "../../lib/cli/exit-codes";
import { run } from "./support/world";

const artifacts = (...args: readonly string[]) =>
  run([join(__dirname, "../../bin/artifacts.cjs"), ...args], __dirname, {});

const page = readFileSync(join(__dirname, "../../docs/cli.md"), "utf8");

describe.each(commandTable.filter(({ isHidden }) => !isHidden))("artifacts $name", ({ name }) => {
  test("explains itself", async () => {
    const { code, stdout } = await artifacts(name, "--help");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^(Examples|Commands):$/m);
  });

  test("is on the page of commands", () => {
    expect(page).toContain(`\`${name}\``);
  });
});

test.each(["check", "promote", "status", "manifest"])(
  "artifacts %s --help tells what each exit code means",
  async (name) => {
    expect((await artifacts(name, "--help")).stdout).toMatch(/^Exit codes: 0 .*, 1 .*, 2 .*, 3 .*\.$/m);
  },
);

test("the page of commands has every exit code", () => {
  for (const code of Object.values(ExitCode)) expect(page).toContain(`| ${code} | `);
});

test.each([
  { args: [], says: "Usage: artifacts" },
  { args: ["prmote"], says: "Did you mean promote?" },
  { args: ["promote", "--cofirm"], says: "Did you mean --confirm?" },
  { args: ["validate", "--root", ""], says: '--root "": expected the name of a file or folder' },
  { args: ["status", "--groups="], says: '--groups "": expected the name of a file or folder' },
  { args: ["manifest", "gs://oss-staging/", "--check", ""], says: '--check "": expected the name of a file or folder' },
])("fails with exit code 2 and a hint on $args", async ({ args, says }) => {
  expect(await artifacts(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
});

test("tells the version of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };

  expect(await artifacts("--version")).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test("kpromo's name of a command is not listed, and works", async () => {
  expect((await artifacts("--help")).stdout).not.toMatch(/^ {2}run/m);
  expect((await artifacts("run", "files", "--help")).stdout).toContain("--confirm");
});
