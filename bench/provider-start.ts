import { spawn } from "node:child_process";
import { join } from "node:path";
import { createIdentity, toPem } from "../lib/tfplugin/certificate";
import { COOKIE, COOKIE_NAME } from "../lib/tfplugin/plugin";

/**
 * Milliseconds from starting a provider to its handshake, which Terraform waits for three times per plan.
 * `node bin/build.cjs && node dist/bench/provider-start.js [RUNS]`
 */
async function main(runs: number): Promise<void> {
  const programs = {
    "node, nothing else": ["-e", "console.log()"],
    "artifacts provider": [join(__dirname, "../lib/provider/main.js")],
    "stand-in for google": [join(__dirname, "../sandbox/google/main.js")],
  };
  process.stdout.write("                        min  median     max\n");
  for (const [name, args] of Object.entries(programs)) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await firstLine(args));
    times.sort((a, b) => a - b);
    const figures = [times[0], times[times.length >> 1], times.at(-1)].map((time = 0) => time.toFixed(0).padStart(8));
    process.stdout.write(`${name.padEnd(20)}${figures.join("")}\n`);
  }
}

/** Until the program prints; then it is stopped. */
async function firstLine(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const env = { ...process.env, [COOKIE_NAME]: COOKIE, PLUGIN_CLIENT_CERT: clientCertificate };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const elapsed = performance.now() - started;
  child.kill();
  await new Promise((resolve) => child.once("close", resolve));
  return elapsed;
}

const clientCertificate = toPem(createIdentity().certificate);

main(Number(process.argv[2] ?? 11)).catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
