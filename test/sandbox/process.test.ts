import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox } from "../../sandbox/server";
import { FolderLock } from "../../sandbox/state/folder-lock";
import { Caller, OWNER, seedInto, temporaryFolder } from "./support";

const main = join(__dirname, "..", "..", "dist", "sandbox", "main.js");
const root = temporaryFolder();
const children: ChildProcess[] = [];

beforeAll(() => {
  // The compiled program is what is started; bringing it up to date costs nothing if it is.
  require("../../bin/build.cjs").build();
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** Too many bytes to be kept with the metadata, others for each name. */
const large = (name: string) => `bytes of ${name}, `.repeat(200);

interface Started {
  readonly child: ChildProcess;
  readonly owner: Caller;
  readonly output: string;
}

function run(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function start(state: string): Promise<Started> {
  const child = run("--port", "0", "--state", state);
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    if (output.includes("Ctrl-C stops it.")) break;
  }
  const url = /running at (\S+)/.exec(output)?.[1] ?? "";
  return { child, owner: new Caller(url, OWNER), output };
}

async function end(child: ChildProcess): Promise<{ readonly code: number | null; readonly stderr: string }> {
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

async function stop({ child }: Started, signal: "SIGINT" | "SIGKILL"): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = await ended;
  return code;
}

describe("the sandbox as a program", () => {
  test("keeps results of hashing in its own folder, not among those of real services", async () => {
    const state = join(root, "hashing");
    const first = await start(state);

    expect(first.output).toContain(` ARTIFACTS_CACHE_DIR=${join(state, "hashes")}`);
    await stop(first, "SIGINT");
  });

  test("keeps everything over Ctrl-C, and ends with 0", async () => {
    const state = join(root, "stopped");
    const first = await start(state);
    await seedInto(first.owner, {
      buckets: [{ name: "kept", project: "some-project" }],
      objects: [{ bucket: "kept", name: "a", text: "hello" }],
      groups: [{ email: "team@example.org", members: ["a@example.org"] }],
    });
    const before = (await first.owner.get("/storage/v1/b/kept/o/a?fields=generation,md5Hash")).json;
    expect(await stop(first, "SIGINT")).toBe(0);

    const second = await start(state);

    expect((await second.owner.get("/storage/v1/b/kept/o/a?fields=generation,md5Hash")).json).toEqual(before);
    expect((await second.owner.get("/storage/v1/b/kept/o/a?alt=media")).text).toBe("hello");
    expect((await second.owner.get("/sandbox/v1/state")).json.groups).toHaveLength(1);
    await stop(second, "SIGINT");
  });

  test("says once it runs that the Terraform for it is missing", async () => {
    const env = { ...process.env, TERRAFORM_BINARY_NAME: "nowhere" };
    const child = spawn(process.execPath, [main, "--port", "0", "--state", join(root, "without")], { env });
    children.push(child);
    const [said] = await once(child.stderr, "data");

    expect(String(said)).toMatch(/^\nWarning: cdktf can not run: nowhere was not found on this machine\. Install /);
    expect(child.exitCode).toBeNull();
  });

  test("loses no acknowledged write when killed in the middle of many", async () => {
    const state = join(root, "killed");
    const first = await start(state);
    await seedInto(first.owner, { buckets: [{ name: "many", project: "some-project" }] });
    const acknowledged: string[] = [];
    const writer = async (worker: number) => {
      for (let index = 0; ; index += 1) {
        const name = `w${worker}-${index}`;
        const answer = await first.owner.upload("many", name, large(name)).catch(() => undefined);
        if (answer?.status !== 200) return;
        acknowledged.push(name);
        if (acknowledged.length === 150) first.child.kill("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, worker) => writer(worker)));

    const second = await start(state);

    expect(acknowledged.length).toBeGreaterThanOrEqual(150);
    const listed = (await second.owner.get("/storage/v1/b/many/o?fields=items(name)")).json.items;
    const names = new Set(listed.map(({ name }: { name: string }) => name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    for (const name of names as Set<string>) {
      expect((await second.owner.get(`/storage/v1/b/many/o/${name}?alt=media`)).text).toBe(large(name));
    }
    // What no object refers to was swept away.
    const folder = join(state, "content");
    expect(readdirSync(folder).flatMap((first) => readdirSync(join(folder, first)))).toHaveLength(names.size);
    await stop(second, "SIGINT");
  });

  test("goes on with a resumable upload after it was killed", async () => {
    const state = join(root, "resumed");
    const first = await start(state);
    await seedInto(first.owner, { buckets: [{ name: "large", project: "some-project" }] });
    const piece = Buffer.alloc(256 << 10, 7);
    const path = "/upload/storage/v1/b/large/o?uploadType=resumable&name=big";
    const session = (await first.owner.post(path, {})).headers.get("location") ?? "";
    await first.owner.put(session, piece, { "content-range": `bytes 0-${piece.length - 1}/*` });
    await stop(first, "SIGKILL");

    const second = await start(state);
    const moved = session.replace(first.owner.url, second.owner.url);
    const asked = await second.owner.put(moved, undefined, { "content-range": "bytes */*" });
    const range = `bytes ${piece.length}-${piece.length + 2}/${piece.length + 3}`;
    const done = await second.owner.put(moved, "end", { "content-range": range });

    expect([asked.status, asked.headers.get("range")]).toEqual([308, `bytes=0-${piece.length - 1}`]);
    expect(done.status).toBe(200);
    const bytes = (await second.owner.get("/storage/v1/b/large/o/big?alt=media")).bytes;
    expect(bytes).toEqual(Buffer.concat([piece, Buffer.from("end")]));
    await stop(second, "SIGINT");
  });

  test("leaves a state folder to the process that uses it, and says which that is", async () => {
    const state = join(root, "shared");
    const first = await start(state);

    const { code, stderr } = await end(run("--port", "0", "--state", state));

    expect(code).toBe(3);
    expect(stderr).toContain(`in use by the sandbox with process id ${first.child.pid}`);
    expect((await first.owner.get("/sandbox/v1/clock")).status).toBe(200);
    await stop(first, "SIGINT");
  });

  test.each([
    { args: ["--host", "0.0.0.0"], code: 3, says: "0.0.0.0 is not a loopback address" },
    { args: ["--host", "192.168.1.1"], code: 3, says: "192.168.1.1 is not a loopback address" },
    { args: ["--host", "127.0.0.999"], code: 3, says: "127.0.0.999 is not a loopback address" },
    { args: ["--port", "70000"], code: 2, says: '--port: "70000" is not a port' },
    { args: ["--as", "nobody"], code: 3, says: 'as: "nobody" is not a principal' },
    { args: ["--unknown"], code: 2, says: "--unknown" },
  ])("refuses $args", async ({ args, code, says }) => {
    const result = await end(run("--state", join(root, "refused"), "--port", "0", ...args));

    expect(result.code).toBe(code);
    expect(result.stderr).toContain(says);
  });

  test("says that a port is taken, and how to get another", async () => {
    const first = await startSandbox();

    const { code, stderr } = await end(run("--state", join(root, "taken"), "--port", String(first.port)));

    expect(code).toBe(3);
    expect(stderr).toMatch(/port \d+.*in use.*--port 0/s);
    await first.close();
  });

  test("says so when its folder is a file", async () => {
    writeFileSync(join(root, "a-file"), "");
    const { code, stderr } = await end(run("--state", join(root, "a-file"), "--port", "0"));

    expect(code).toBe(3);
    expect(stderr).toContain("a-file: can't hold the sandbox's state: it is no folder. Choose another folder");
  });

  test("prints one line that sets everything up for a shell", async () => {
    const first = await start(join(root, "printed"));
    const line = /^export (.*)$/m.exec(first.output)?.[1] ?? "";

    const shell = spawn("sh", ["-c", `export ${line}; echo "$STORAGE_EMULATOR_HOST|$GOOGLE_STORAGE_CUSTOM_ENDPOINT"`]);
    const [output] = await once(shell.stdout, "data");

    const [emulator = "", endpoint] = String(output).trim().split("|");
    expect(endpoint).toBe(`${first.owner.url}/storage/v1/`);
    // Google's libraries send an emulator no token.
    expect((await fetch(`${emulator}/storage/v1/b?project=none`)).status).toBe(400);
    expect((await fetch(`${first.owner.url}/storage/v1/b?project=none`)).status).toBe(401);
    const boto = readFileSync(/BOTO_CONFIG=(\S+)/.exec(line)?.[1] ?? "", "utf8");
    expect(boto).toContain("gs_json_port = ");
    // Else gsutil hides the reason of each refusal behind advice to sign up for an account.
    expect(boto).toContain("[Tests]\nbypass_anonymous_access_warning = True\n");
    await stop(first, "SIGINT");

    const second = await start(join(root, "printed"));
    expect(second.output).toContain(`STORAGE_EMULATOR_HOST=${emulator} `);
    await stop(second, "SIGINT");
  });
});

describe("the lock of a state folder", () => {
  test("is taken over from a process that is dead, even if its id lives again", () => {
    const folder = join(root, "stale");
    new FolderLock(folder).release();
    writeFileSync(join(folder, "lock"), `${process.pid} 1\n`);

    const lock = new FolderLock(folder);

    expect(() => new FolderLock(folder)).toThrow(`in use by the sandbox with process id ${process.pid}`);
    lock.release();
    new FolderLock(folder).release();
  });
});

test("ten sandboxes run side by side", async () => {
  const sandboxes = await Promise.all(Array.from({ length: 10 }, () => startSandbox()));
  await Promise.all(
    sandboxes.map(({ url }, index) =>
      seedInto(new Caller(url, OWNER), {
        buckets: [{ name: "same-name", project: "same-project" }],
        objects: [{ bucket: "same-name", name: "o", text: `sandbox ${index}` }],
      }),
    ),
  );

  const texts = await Promise.all(
    sandboxes.map(async ({ url }) => (await new Caller(url, OWNER).get("/storage/v1/b/same-name/o/o?alt=media")).text),
  );

  expect(texts).toEqual(sandboxes.map((_, index) => `sandbox ${index}`));
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});
