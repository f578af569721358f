import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MODULE = "github.com/versity/versitygw/cmd/versitygw";
const VERSION = "v1.8.0";

/** Kept between runs, outside what is committed; building it takes a good minute. */
const cache = join(__dirname, "../../../node_modules/.cache/artifacts", `versitygw-${VERSION}`);

export const s3Environment = { AWS_ACCESS_KEY_ID: "test-root", AWS_SECRET_ACCESS_KEY: "test-root-secret" };

/** Path of the versitygw program, built from the Go module proxy when it is missing; or why there is none. */
export function s3Program(): { readonly path: string } | { readonly reason: string } {
  const path = join(cache, "versitygw");
  if (existsSync(path)) return { path };
  mkdirSync(cache, { recursive: true });
  // Two test files may get here at once: each builds in a folder of its own and moves the result.
  const GOBIN = mkdtempSync(join(cache, "build-"));
  try {
    const env = { ...process.env, GOBIN, GOFLAGS: "" };
    execFileSync("go", ["install", `${MODULE}@${VERSION}`], { env, stdio: "pipe", timeout: 600_000 });
    execFileSync("mv", [join(GOBIN, "versitygw"), path]);
    return { path };
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    const why = code === "ENOENT" ? "there is no Go" : (stderr?.toString().trim().split("\n").at(-1) ?? String(error));
    return { reason: `versitygw ${VERSION} could not be built: ${why}` };
  } finally {
    rmSync(GOBIN, { recursive: true, force: true });
  }
}

export interface S3Server {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts versitygw, an S3 server that keeps objects in a folder, on a free port. */
export async function startS3Server(program: string): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "s3-"));
  const port = await freePort();
  for (const name of ["data", "iam"]) mkdirSync(join(folder, name));
  const child = spawn(program, ["--port", `127.0.0.1:${port}`, "--iam-dir", join(folder, "iam"), "posix", "data"], {
    cwd: folder,
    env: { ROOT_ACCESS_KEY: s3Environment.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: s3Environment.AWS_SECRET_ACCESS_KEY },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child);
  return {
    url,
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until something answers, whatever it says. */
async function answering(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`versitygw ended with ${child.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
