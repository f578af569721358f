import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, toPem } from "../../lib/tfplugin/certificate";
import { COOKIE } from "../../lib/tfplugin/plugin";
import { calls } from "../../lib/tfplugin/wire";
import { compileFixture } from "../support/compile-fixture";
import { call, openSession } from "./fixtures/grpc-client";

const program = compileFixture(join(__dirname, "fixtures", "files-provider.ts"));

describe("a plugin process", () => {
  const folder = mkdtempSync(join(tmpdir(), "handshake-"));
  const started: ChildProcess[] = [];
  const client = createIdentity();
  const clientPem = toPem(client.certificate);

  afterEach(async () => {
    const running = started.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    for (const child of running) child.kill("SIGTERM");
    await Promise.all(running.map((child) => new Promise((gone) => child.once("close", gone))));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH ?? "", PLUGIN_UNIX_SOCKET_DIR: folder, TF_PLUGIN_MAGIC_COOKIE: COOKIE, ...env },
    });
    started.push(child);
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const exit = new Promise<{ readonly code: number | null; readonly stderr: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, stderr })),
    );
    const line = new Promise<readonly string[]>((resolve) =>
      child.stdout.once("data", (chunk) => resolve(String(chunk).trimEnd().split("|"))),
    );
    return { child, exit, line };
  }

  function secureSession(line: readonly string[]) {
    const ca = toPem(Buffer.from(line[5] ?? "", "base64"));
    const key = client.key.export({ type: "pkcs8", format: "pem" }).toString();
    return openSession(line[3] ?? "", { key, cert: clientPem, ca });
  }

  test("shakes hands, answers over mutual TLS, and goes when told to, its socket too", async () => {
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem, PLUGIN_PROTOCOL_VERSIONS: "5,6" });
    const line = await plugin.line;
    expect(line).toEqual([
      "1",
      "6",
      "unix",
      expect.stringContaining(folder),
      "grpc",
      expect.stringMatching(/^[\w+/]+$/),
    ]);

    const session = secureSession(line);
    const answer = await call(session, "/tfplugin6.Provider/GetProviderSchema", Buffer.alloc(0));
    const schemas = calls.GetProviderSchema.response.decode(answer.body);
    expect(Object.keys(schemas.resourceSchemas)).toEqual(["files_shelf"]);
    expect(schemas.serverCapabilities).toEqual({ planDestroy: true, getProviderSchemaOptional: true });

    expect(await call(session, "/plugin.GRPCController/Shutdown", Buffer.alloc(0))).toMatchObject({ status: 0 });
    expect(await plugin.exit).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("listens elsewhere when a socket's path would be too long in the folder for temporary files", async () => {
    const deep = mkdtempSync(join(tmpdir(), "y".repeat(110)));
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem, PLUGIN_UNIX_SOCKET_DIR: "", TMPDIR: deep });
    const line = await plugin.line;
    const answer = await call(secureSession(line), "/plugin.GRPCController/Shutdown", Buffer.alloc(0));
    expect(answer).toMatchObject({ status: 0 });
    await plugin.exit;
    expect(existsSync(line[3] ?? "")).toBe(false);
    expect(readdirSync(deep)).toEqual([]);
    rmSync(deep, { recursive: true });
  });

  test("listens in /tmp when the folder for temporary files does not exist", async () => {
    const plugin = start({ PLUGIN_UNIX_SOCKET_DIR: "", TMPDIR: join(folder, "missing") });
    expect((await plugin.line)[3]).toMatch(/^\/tmp\/plugin-/);
  });

  test("says in Terraform's own message why it can not start", async () => {
    const full = join(folder, "full.cjs");
    writeFileSync(full, 'require("node:fs").mkdtempSync = () => { throw new Error("ENOSPC"); };');
    const plugin = start({ NODE_OPTIONS: `--require ${full}` });
    expect(await plugin.line).toEqual([
      `The provider can not start: its socket needs a folder in ${folder} or /tmp. Set TMPDIR to a folder that can be written.`,
    ]);
    expect(await plugin.exit).toMatchObject({ code: 1 });
    rmSync(full);
  });

  test("turns away a client without Terraform's certificate", async () => {
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem });
    const line = await plugin.line;
    const stranger = createIdentity();
    const key = stranger.key.export({ type: "pkcs8", format: "pem" }).toString();
    const ca = toPem(Buffer.from(line[5] ?? "", "base64"));
    const session = openSession(line[3] ?? "", { key, cert: toPem(stranger.certificate), ca });
    session.on("error", () => {});
    // Whether the connection breaks before or after the request is a matter of time; there is no answer either way.
    const unanswered = { status: Number.NaN, message: "", body: Buffer.alloc(0) };
    const answer = await call(session, "/tfplugin6.Provider/GetProviderSchema", Buffer.alloc(0)).catch(
      () => unanswered,
    );
    expect(answer).toEqual(unanswered);
  });

  test("goes when its connection is lost, as when Terraform is killed", async () => {
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem });
    const session = secureSession(await plugin.line);
    await call(session, "/tfplugin6.Provider/GetProviderSchema", Buffer.alloc(0));
    session.destroy();
    expect(await plugin.exit).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("goes with its parent, as when Terraform is killed before it has called anything", async () => {
    // In between stands what Terraform is: it starts the plugin, passes on what that says, and is killed.
    const between = `require("node:child_process").spawn(process.execPath, [${JSON.stringify(program)}], { stdio: "inherit" })`;
    const terraform = spawn(process.execPath, ["-e", between], {
      env: { PATH: process.env.PATH ?? "", PLUGIN_UNIX_SOCKET_DIR: folder, TF_PLUGIN_MAGIC_COOKIE: COOKIE },
    });
    started.push(terraform);
    const pluginIsGone = new Promise((resolve) => terraform.stdout.once("close", resolve));
    await new Promise((resolve) => terraform.stdout.once("data", resolve));
    terraform.kill("SIGKILL");
    await pluginIsGone;
    expect(readdirSync(folder)).toEqual([]);
  });

  test("speaks without TLS where Terraform was told so", async () => {
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem, TF_DISABLE_PLUGIN_TLS: "1" });
    const line = await plugin.line;
    expect(line[5]).toBe("");
    const session = openSession(line[3] ?? "");
    expect(await call(session, "/tfplugin6.Provider/StopProvider", Buffer.alloc(0))).toMatchObject({ status: 0 });
    session.destroy();
    await plugin.exit;
  });

  test("leaves Ctrl-C to Terraform, and its socket's folder to nobody when it is terminated", async () => {
    const plugin = start({ PLUGIN_CLIENT_CERT: clientPem });
    const socket = (await plugin.line)[3] ?? "";
    plugin.child.kill("SIGINT");
    const session = secureSession(await plugin.line);
    expect(await call(session, "/tfplugin6.Provider/GetProviderSchema", Buffer.alloc(0))).toMatchObject({ status: 0 });
    expect(existsSync(socket)).toBe(true);
    session.on("error", () => {});
    plugin.child.kill("SIGTERM");
    expect(await plugin.exit).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("run by hand with --debug it stays, and stops one connection's work only", async () => {
    const plugin = start({ TF_PLUGIN_MAGIC_COOKIE: "" }, "--debug");
    const [, json = ""] = /^TF_REATTACH_PROVIDERS='(.+)'$/.exec((await plugin.line).join("|")) ?? [];
    const { Addr, ...attached } = JSON.parse(json)["example.test/test/files"];
    expect(attached).toEqual({ Protocol: "grpc", ProtocolVersion: 6, Pid: plugin.child.pid, Test: true });

    const first = openSession(Addr.String);
    expect(await call(first, "/tfplugin6.Provider/StopProvider", Buffer.alloc(0))).toMatchObject({ status: 0 });
    first.destroy();
    const second = openSession(Addr.String);
    expect(await call(second, "/tfplugin6.Provider/GetProviderSchema", Buffer.alloc(0))).toMatchObject({ status: 0 });
    second.destroy();

    plugin.child.kill("SIGINT");
    expect(await plugin.exit).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    {
      when: "run by hand",
      env: { TF_PLUGIN_MAGIC_COOKIE: "" },
      says: "Terraform starts it; it does nothing when run by hand, except with --debug.",
    },
    {
      when: "offered only an older protocol",
      env: { PLUGIN_PROTOCOL_VERSIONS: "4,5" },
      says: "needs plugin protocol 6; Terraform offers 4,5",
    },
  ])("explains itself when $when", async ({ env, says }) => {
    const { code, stderr } = await start(env).exit;
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });
});
