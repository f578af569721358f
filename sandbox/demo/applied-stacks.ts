/**
 * What terraform said at the end of each stack's apply, as `STACK  TEXT`. cdktf names the stack on the first of the lines
 * that it prints at once, and puts the others below it.
 */
export function appliedStacks(output: string): readonly string[] {
  let stack = "";
  return output.split("\n").flatMap((line) => {
    stack = /^([a-z][\w-]*) {2,}/.exec(line)?.[1] ?? stack;
    const text = /Apply complete!.*/.exec(line)?.[0];
    return text === undefined ? [] : [`${stack}  ${text}`];
  });
}
