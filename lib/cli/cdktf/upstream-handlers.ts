import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import { type Project, type RunOptions, runStacks } from "./run-stacks";
import type { Verb } from "./stack-ends";
import { replaceUpstreamModule, upstreamRequire } from "./upstream-modules";

interface Handlers {
  readonly deploy: unknown;
  readonly destroy: unknown;
  readonly diff: unknown;
}

interface Change {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** In cdktf-cli's bundle, which can't be reached but through its text. */
const CHANGES: readonly Change[] = [
  // How a deploy, and a destroy, runs its stacks.
  { from: "await this.execute(", to: "await executeStacks(this,", times: 2 },
  // Ctrl-C in the menu that asks for approval: it would end the menu alone, and leave terraform waiting.
  {
    from: "this.props.exitOnCtrlC&&this.handleExit()",
    to: 'this.props.exitOnCtrlC&&process.kill(process.pid,"SIGINT")',
    times: 1,
  },
  // It notes the path of a construct behind each address, and took `team-a` for `team` where that stands before it.
  { from: "EKt(e)}\\\\b`)", to: "EKt(e)}(?![\\\\w-])`)", times: 1 },
  // Its count of stacks that ended, well or not.
  { from: '" done"', to: '" ended"', times: 1 },
];

/** Lets cdktf-cli's `deploy` and `destroy` run their stacks by `runStacks`. They and `diff` are loaded when they are used. */
export function replaceHandlers(): void {
  let loaded: Handlers | undefined;
  const handlers = () => {
    loaded ??= loadHandlers();
    return loaded;
  };
  replaceUpstreamModule("./cmds/handlers.js", {
    get deploy() {
      return handlers().deploy;
    },
    get destroy() {
      return handlers().destroy;
    },
    get diff() {
      return handlers().diff;
    },
  });
}

function loadHandlers(): Handlers {
  const path = upstreamRequire.resolve("./cmds/handlers.js");
  const names = ["module", "exports", "require", "__filename", "__dirname", "executeStacks"];
  const program = compileFunction(CHANGES.reduce(change, readFileSync(path, "utf8")), names, { filename: path });
  const module = { exports: {} };
  program(module, module.exports, createRequire(path), path, dirname(path), executeStacks);
  return module.exports as Handlers;
}

/** With the arguments of cdktf-cli's own. */
function executeStacks(project: Project, verb: Verb, _next: unknown, options: RunOptions): Promise<void> {
  return runStacks(project, verb, options);
}

function change(text: string, { from, to, times }: Change): string {
  const parts = text.split(from);
  if (parts.length !== times + 1) throw new Error(`cdktf-cli: ${from} stands in it ${parts.length - 1} times`);
  return parts.join(to);
}
