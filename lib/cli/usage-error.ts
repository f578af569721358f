/** The command was asked for something it can not mean: nothing was tried. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
