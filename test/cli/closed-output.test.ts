import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = "a-rather-long-name-so-that-the-list-is-larger-than-what-a-pipe-holds".repeat(3);
const ARTIFACTS = join(__dirname, "../../bin/artifacts.cjs");

let folder: string;

/** Files whose manifest has more than a hundred kilobytes. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-output-"));
  for (let index = 0; index < 500; index += 1) writeFileSync(join(folder, `${NAME}-${index}`), "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `stdout`: where it goes; a pipe that nobody reads is closed at once. */
async function manifest(stdout: "pipe" | number) {
  const child = spawn(process.execPath, [ARTIFACTS, "manifest", "--src", folder], {
    stdio: ["ignore", stdout, "pipe"],
  });
  child.stdout?.destroy();
  let stderr = "";
  child.stderr?.on("data", (piece: Buffer) => {
    stderr += piece.toString();
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

test("a reader that goes away stops nothing", async () => {
  expect(await manifest("pipe")).toEqual({ code: 0, stderr: "" });
});

(existsSync("/dev/full") ? test : test.skip)(
  "output that can not be written is a failure, told in a line",
  async () => {
    expect(await manifest(openSync("/dev/full", "w"))).toEqual({
      code: 3,
      stderr: expect.stringMatching(/^artifacts: the output can not be written: .*\n$/),
    });
  },
);
