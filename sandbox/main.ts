import { parseArgs } from "node:util";
import { terraformProblem } from "../lib/terraform-program";
import { exportLine } from "./env";
import { DEFAULT_OWNER, type RunningSandbox, type SandboxOptions, startSandbox } from "./server";

const HELP = `Usage: npm run sandbox -- [options]

A local Google Cloud: Cloud Storage, projects, services, IAM, billing, groups, builds and a console page, with everything
it holds in one folder. It listens on this machine only, asks for no account and reaches no other machine.

Options:
  --port N          port to listen on, 0 for a free one (default: 4443)
  --state DIR       folder for its state (default: .sandbox); one sandbox per folder
  --owner NAME      the principal that may do everything (default: ${DEFAULT_OWNER})
  --as NAME         who calls when a request carries no token (default: nobody, that is allUsers)
  --host ADDRESS    loopback address to listen on (default: 127.0.0.1)
  --while-stdin     stop when standard input ends: for programs that start a sandbox and may die themselves
  --help            show this text

A principal is an IAM member, e.g. user:alice@example.org or serviceAccount:promoter@p.iam.gserviceaccount.com.
In requests the bearer token is the principal: curl -H 'Authorization: Bearer alice@example.org' …

Examples:
  npm run sandbox
  npm run sandbox -- --port 0 --state /tmp/estate
  npm run sandbox -- --as user:alice@example.org

Ctrl-C stops it and loses nothing; started again on the same folder, it continues.
More: docs/sandbox.md
`;

const DEFAULT_PORT = 4443;

/** Exit codes as those of the `artifacts` command: 2 for bad usage, 3 if it could not run. */
async function main(): Promise<void> {
  let options: SandboxOptions | "help";
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    fail(2, `${text(error)}\n(run with --help for usage)`);
    return;
  }
  if (options === "help") {
    process.stdout.write(HELP);
    return;
  }
  try {
    const sandbox = await startSandbox(options);
    announce(sandbox, options);
    const whileStdin = process.argv.includes("--while-stdin");
    stopOnSignal(sandbox, whileStdin);
    if (!whileStdin) warnOfTerraform();
  } catch (error) {
    fail(3, explain(error, options));
  }
}

function explain(error: unknown, { port: wanted }: SandboxOptions): string {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  return isTaken
    ? `port ${wanted} is in use by another program. Choose another one, or --port 0 for a free one`
    : text(error);
}

function readOptions(argv: readonly string[]): SandboxOptions | "help" {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: "string" },
      state: { type: "string" },
      owner: { type: "string" },
      as: { type: "string" },
      host: { type: "string" },
      "while-stdin": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  return {
    port: values.port === undefined ? DEFAULT_PORT : port(values.port),
    state: values.state ?? ".sandbox",
    ...(values.owner === undefined ? {} : { owner: values.owner }),
    ...(values.as === undefined ? {} : { as: values.as }),
    ...(values.host === undefined ? {} : { host: values.host }),
  };
}

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new Error(`--port: "${value}" is not a port. Give a number from 0 to 65535; 0 takes a free one`);
}

function announce({ url, env, folder }: RunningSandbox, options: SandboxOptions): void {
  const caller = options.as === undefined ? "" : `\nWithout a token:  ${options.as}`;
  process.stdout.write(`Sandbox running at ${url}
Console:          ${url}/
State:            ${folder}
Owner:            ${options.owner ?? DEFAULT_OWNER}${caller}

In another shell, once:

${exportLine(env)}

Then cdktf, terraform, artifacts, gsutil and kpromo work against the sandbox. The whole way, with this repository's estate:

  npx cdktf deploy groups serving 'staging-*'
  npm run sandbox:push                              # earlier releases, as their teams would push them
  npx cdktf deploy 'promote-*'
  npx artifacts status

Ctrl-C stops it.
`);
}

/** The sandbox itself does without; what is announced does not. */
function warnOfTerraform(): void {
  const problem = terraformProblem(process.env);
  if (problem !== undefined) process.stderr.write(`\nWarning: cdktf can not run: ${problem}\n`);
}

function stopOnSignal(sandbox: RunningSandbox, whileStdin: boolean): void {
  let isStopping = false;
  const stop = () => {
    // A second Ctrl-C changes nothing: the state is on disk at all times, and closing takes less than a second.
    if (isStopping) return;
    isStopping = true;
    sandbox.close().then(
      () => process.exit(0),
      (error) => {
        fail(1, text(error));
        process.exit();
      },
    );
  };
  if (whileStdin) process.stdin.on("close", stop).resume();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", stop);
}

function fail(code: number, message: string): void {
  process.stderr.write(`sandbox: ${message}\n`);
  process.exitCode = code;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main();
