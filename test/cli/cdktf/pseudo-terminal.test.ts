import { type PseudoTerminal, spawn } from "../../../lib/cli/cdktf/pseudo-terminal";

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
