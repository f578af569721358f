import { execFileSync, spawn as spawnProcess } from "node:child_process";
import { join } from "node:path";
import { type PseudoTerminal, spawn } from "../../../lib/cli/cdktf/pseudo-terminal";

const CHECKOUT = join(__dirname, "..", "..", "..");

/** Collects what a program says until it ends. */
function watch(terminal: PseudoTerminal) {
  let said = "";
  let wanted: { readonly text: string; readonly seen: () => void } | undefined;
  terminal.onData((text) => {
    said += text;
    if (wanted !== undefined && said.includes(wanted.text)) wanted.seen();
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    until: (text: string) =>
      new Promise<void>((seen) => {
        wanted = { text, seen };
      }),
    end: async () => ({ exitCode: await ended, said }),
  };
}

test("tells what a program says on both streams, and how it ended", async () => {
  const terminal = spawn("sh", ["-c", "echo out; echo err >&2; exit 3"]);

  const { exitCode, said } = await watch(terminal).end();

  expect({ exitCode, said: said.split("\n").sort() }).toEqual({ exitCode: 3, said: ["", "err", "out"] });
});

test("passes answers on to a program that asks", async () => {
  const terminal = spawn("sh", ["-c", 'echo "Enter a value:"; read answer; echo "it is $answer"']);
  const watched = watch(terminal);
  await watched.until("Enter a value:");

  terminal.write("yes\n");

  expect((await watched.end()).said).toContain("it is yes");
});

test("Ctrl-C interrupts the program, which may end in order", async () => {
  const terminal = spawn("sh", ["-c", "trap 'echo in order; exit 4' INT; echo ready; while true; do sleep 0.1; done"]);
  const watched = watch(terminal);
  await watched.until("ready");

  terminal.write("\u0003");

  expect(await watched.end()).toMatchObject({ exitCode: 4, said: expect.stringContaining("in order") });
});

test("a program that is not there is told, and ends badly", async () => {
  const { exitCode, said } = await watch(spawn("no-such-terraform", [])).end();

  expect(exitCode).not.toBe(0);
  expect(said).toContain("no-such-terraform: could not be started");
});

describe("an interrupt of cdktf", () => {
  /** As cdktf-cli does: runs a program on such a terminal, and ends at once when it is interrupted itself. */
  const cdktf = `
    const { spawn } = require("./dist/lib/cli/cdktf/pseudo-terminal.js");
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (console.log("cdktf ends"), process.exit(7)));
    const program = "trap 'echo saving; sleep 0.3; echo saved; exit 1' INT; echo ready; while true; do sleep 0.05; done";
    const terminal = spawn("sh", ["-c", program]);
    terminal.onData((text) => process.stdout.write(text));
    terminal.onExit(({ exitCode }) => console.log("terraform ended with " + exitCode));
  `;

  beforeAll(() => void execFileSync(process.execPath, ["bin/build.cjs"], { cwd: CHECKOUT }));

  test.each(["SIGINT", "SIGTERM"] as const)("by %s waits for a terraform that saves what it did", async (signal) => {
    const child = spawnProcess(process.execPath, ["-e", cdktf], { cwd: CHECKOUT, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stderr.on("data", (piece) => {
      err += piece;
    });
    child.stdout.on("data", (piece) => {
      out += piece;
      if (out === "ready\n") child.kill(signal);
    });

    const code = await new Promise((resolve) => child.once("close", resolve));

    expect(out.split("\n")).toEqual(["ready", "saving", "saved", "terraform ended with 1", "cdktf ends", ""]);
    expect(err).toContain("cdktf: interrupted; terraform stops and saves what it has done");
    expect(code).toBe(7);
  });
});
