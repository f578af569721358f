import { pushReleases } from "./teams";

const HELP = `Usage: npm run sandbox:push

Pushes the files that the manifests of this repository name to their staging buckets in a running sandbox, as members of
their teams, so that the promote stacks have something to publish. Needs the export line that npm run sandbox printed, and
the stacks that make groups and buckets:

  npx cdktf deploy groups serving 'staging-*'
  npm run sandbox:push
  npx cdktf deploy 'promote-*'
`;

/** Exit codes as those of the `artifacts` command: 2 for bad usage, 3 if it could not run. */
async function main(): Promise<void> {
  if (process.argv.includes("--help")) return void process.stdout.write(HELP);
  const url = process.env.ARTIFACTS_SANDBOX;
  if (url === undefined) return fail(2, "ARTIFACTS_SANDBOX is not set. Enter the export line of npm run sandbox first");
  try {
    process.stdout.write(`${await pushReleases(".", url)} files of earlier releases are in staging\n`);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    fail(3, `${cause}. Are the buckets there? npx cdktf deploy groups serving 'staging-*'`);
  }
}

function fail(code: number, message: string): void {
  process.stderr.write(`sandbox:push: ${message}\n`);
  process.exitCode = code;
}

void main();
