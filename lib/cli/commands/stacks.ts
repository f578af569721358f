import type { Command } from "commander";
import { compareStacks, type ResourceDifference, type StackDifference } from "../../model/stack-difference";
import { ExitCode } from "../exit-codes";
import { readStacks } from "../synthesized-stacks";

interface Options {
  readonly json?: boolean;
  readonly names?: boolean;
}

export function define(command: Command): void {
  command
    .argument("<before>", "folder of a synth of the base, such as cdktf.out")
    .argument("<after>", "folder of a synth of the change")
    .option("--names", "print the names of the stacks to plan or deploy, and nothing else")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action((before: string, after: string, options: Options) => {
      const differences = compareStacks(readStacks(before), readStacks(after));
      process.stdout.write(print(differences, options));
      process.exitCode = ExitCode.ok;
    });
}

const EXAMPLES = `
It needs no credentials and reaches nothing: it compares what was synthesized, resource by resource.

Examples:
  npx cdktf synth --output /tmp/before        (in a checkout of the base)
  npx cdktf synth --output /tmp/after         (in a checkout of the change)
  npx artifacts stacks /tmp/before /tmp/after
  npx cdktf deploy $(npx artifacts stacks --names /tmp/before /tmp/after)
`;

function print(differences: readonly StackDifference[], { json, names }: Options): string {
  if (json) return `${JSON.stringify({ stacks: differences }, null, 2)}\n`;
  const present = differences.filter(({ kind }) => kind !== "gone");
  if (names) return present.map(({ stack }) => `${stack}\n`).join("");
  return differences.length === 0 ? "No stack changes.\n" : differences.map(section).join("\n");
}

function section({ stack, kind, resources }: StackDifference): string {
  const note = kind === "changed" ? "" : kind === "new" ? " (new stack)" : " (gone: nothing looks after it any more)";
  return `${stack}${note}\n${resources.map((resource) => `  ${line(resource)}\n`).join("")}`;
}

const SIGNS: Readonly<Record<ResourceDifference["kind"], string>> = { added: "+", changed: "~", removed: "-" };

function line({ address, kind, arguments: names }: ResourceDifference): string {
  return `${SIGNS[kind]} ${address}${names.length === 0 ? "" : `: ${names.join(", ")}`}`;
}
