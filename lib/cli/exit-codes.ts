/** What the exit code of every `artifacts` command means; documented in docs/cli.md. */
export const ExitCode = {
  /** All is well. */
  ok: 0,

  /** The command ran, and some lines, groups or checks failed. */
  failed: 1,

  /** Bad input or usage: nothing was tried. */
  usage: 2,

  /** The command could not run: no credentials, no network, a missing tool. */
  couldNotRun: 3,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
