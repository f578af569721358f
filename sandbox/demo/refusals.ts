/** The errors of a check that give one reason, as it prints them: each with the lines of its repair, which stand indented below it. */
export function refusals(output: string, reason: RegExp): readonly string[] {
  return output
    .split(/\n(?! )/)
    .filter((finding) => /: error: /.test(finding) && reason.test(finding))
    .flatMap((error) => error.trimEnd().split("\n"));
}
