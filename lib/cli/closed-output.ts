import { ExitCode } from "./exit-codes";

/**
 * Whoever reads the output may stop reading (`| head`): what was asked for is done all the same, a promotion first of all.
 * Output that can not be written for another reason, such as a full disk, is a failure of the command.
 */
export function goOnWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", onError);
}

let isTold = false;

function onError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || isTold) return;
  isTold = true;
  process.once("exit", () => {
    process.exitCode = ExitCode.couldNotRun;
  });
  process.stderr.write(`artifacts: the output can not be written: ${error.message}\n`);
}
