import { stripVTControlCharacters } from "node:util";
import { terraformProgram } from "../../terraform-program";
import type { SynthesizedStack } from "./app";
import type { Init } from "./plugin-cache";
import { runProgram } from "./program";

export interface Changes {
  readonly import: number;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

export interface StackPlan {
  readonly stack: string;
  readonly status: "changes" | "no changes" | "failed";

  /** Undefined where only outputs change, and where terraform failed. */
  readonly changes?: Changes;

  /** What terraform said. */
  readonly text: string;
}

/** Terraform's exit code with `-detailed-exitcode` for a plan that holds changes. */
const HAS_CHANGES = 2;

/** Initializes and plans one stack. Never throws for what terraform finds wrong: the other stacks are planned as well. */
export async function planStack(stack: SynthesizedStack, words: readonly string[], init: Init): Promise<StackPlan> {
  const { name, folder } = stack;
  const initialized = await init(folder);
  if (initialized.code !== 0) return { stack: name, status: "failed", text: initialized.output };
  const { code, output } = await runProgram(
    terraformProgram(process.env),
    ["plan", "-input=false", "-detailed-exitcode", ...words],
    {
      cwd: folder,
    },
  );
  if (code !== 0 && code !== HAS_CHANGES) return { stack: name, status: "failed", text: output };
  const changes = changesIn(output);
  return {
    stack: name,
    status: code === 0 ? "no changes" : "changes",
    ...(changes && { changes }),
    text: output,
  };
}

/** The numbers of terraform's closing line, e.g. `Plan: 1 to import, 2 to add, 0 to change, 0 to destroy.` */
function changesIn(text: string): Changes | undefined {
  const line = /^Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/m.exec(
    stripVTControlCharacters(text),
  );
  if (line === null) return undefined;
  const [imported = 0, add = 0, change = 0, destroy = 0] = line.slice(1).map((digits) => Number(digits ?? 0));
  return { import: imported, add, change, destroy };
}
