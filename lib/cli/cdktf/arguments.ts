import { Command } from "commander";
import { UsageError } from "../usage-error";
import { GLOBS_IN_NAMES, parseWords } from "./parse-words";

/** A plan of several stacks. */
export interface PlanRequest {
  /** Names of stacks, or globs. */
  readonly patterns: readonly string[];

  /** Where the stacks are synthesized, e.g. `cdktf.out`; undefined for what cdktf.json says. */
  readonly output: string | undefined;

  /** Arguments of the synth before it. @default - none: what is there is planned */
  readonly synth: readonly string[] | undefined;

  /** Arguments of `terraform plan`. */
  readonly plan: readonly string[];

  /** Stacks planned at a time. */
  readonly parallelism: number;
  readonly json: boolean;
}

interface PlanOptions {
  readonly app?: string;
  readonly output?: string;
  readonly refreshOnly?: boolean;
  readonly terraformParallelism?: string;
  readonly var: readonly string[];
  readonly varFile: readonly string[];
  readonly color: boolean;
  readonly migrateState?: boolean;
  readonly skipSynth?: boolean;
  readonly parallelism: string;
  readonly json?: boolean;
}

const GLOB = /[*?[\]{}!]/;

/** What `plan` or `diff` is asked for, if cdktf-cli can't do it itself: more than one stack, a glob, `--json`, or help about that. */
export function planRequest(argv: readonly string[]): PlanRequest | undefined {
  const [verb, ...words] = argv;
  if (verb !== "plan" && verb !== "diff") return undefined;
  const command = planCommand();
  parseWords(command, words);
  const options = command.opts<PlanOptions>();
  const [first, ...others] = command.args;
  if (first === undefined) return undefined;
  if (others.length === 0 && !GLOB.test(first) && !options.json) return undefined;
  return toRequest(command.args, options);
}

function planCommand(): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return new Command("cdktf plan")
    .description("Plans stacks: one as cdktf-cli does it, several side by side after one synth")
    .argument("[stacks...]", `${GLOBS_IN_NAMES}; needed where the app has more than one`)
    .option("-a, --app <command>", "command that runs the CDKTF app (default: what cdktf.json says)")
    .option("-o, --output <folder>", "where the synthesized stacks are (default: what cdktf.json says, or cdktf.out)")
    .option("--refresh-only", "only compare the state with what exists")
    .option("--terraform-parallelism <count>", "forwarded to terraform as -parallelism")
    .option("--var <name=value>", "value of an input variable; may be repeated", collect, [])
    .option("--var-file <file>", "file with values of input variables; may be repeated", collect, [])
    .option("--no-color", "no colours, as when the output is no terminal")
    .option("--migrate-state", "let terraform migrate the state to another backend; with one stack only")
    .option("--skip-synth", "plan what is synthesized already")
    .option("--skip-provider-lock", "accepted for cdktf-cli's sake: a plan of several stacks never locks providers")
    .option("--disable-plugin-cache-env", "accepted for cdktf-cli's sake: set CDKTF_DISABLE_PLUGIN_CACHE_ENV instead")
    .option("--log-level <level>", "accepted for cdktf-cli's sake: set CDKTF_LOG_LEVEL instead")
    .option("--parallelism <count>", "how many stacks are planned at a time", "4")
    .option("--json", "print one JSON document: per stack its status, counts and the text of the plan")
    .addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
Exit codes: 0 every stack could be planned, whether it has changes or not; 1 some could not; 2 bad usage; 3 could not run.

Examples:
  npx cdktf plan serving
  npx cdktf plan 'staging-*' 'promote-*'
  npx cdktf plan '*' --json > plans.json
`;

function toRequest(patterns: readonly string[], options: PlanOptions): PlanRequest {
  const { app, output, terraformParallelism } = options;
  if (options.migrateState) {
    throw new UsageError("--migrate-state: state is migrated stack by stack. Name one stack, and no --json");
  }
  return {
    patterns,
    output,
    synth: options.skipSynth
      ? undefined
      : [...(app === undefined ? [] : ["--app", app]), ...(output === undefined ? [] : ["--output", output])],
    plan: [
      ...(options.refreshOnly ? ["-refresh-only"] : []),
      ...(terraformParallelism === undefined
        ? []
        : [`-parallelism=${positive("--terraform-parallelism", terraformParallelism)}`]),
      ...options.var.map((value) => `-var=${value}`),
      ...options.varFile.map((file) => `-var-file=${file}`),
      ...(options.color && process.stdout.isTTY && !options.json ? [] : ["-no-color"]),
    ],
    parallelism: positive("--parallelism", options.parallelism),
    json: options.json ?? false,
  };
}

function positive(flag: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`${flag}: is "${text}", must be a whole number from 1 to 9999`);
}

/**
 * The stacks that a run is about, and the arguments for cdktf-cli. It refuses to deploy a stack without those it depends
 * on, and to destroy one without those that depend on it; told of the stacks, the app declares the order among them and of
 * nothing else (docs/decisions/0003). A destroy has to ask for that with cdktf-cli's flag, which by itself loses the order
 * and, in a destroy, begins with the first stack again and again, without end.
 */
export function stacksToRun([verb = "", ...words]: readonly string[]): {
  readonly stacks: readonly string[];
  readonly argv: readonly string[];
} {
  const others = words.filter((word) => !IGNORING.test(word));
  const isAlone = isDeploy(verb) || (verb === "destroy" && others.length < words.length);
  return isAlone ? { stacks: stacksNamed(others), argv: [verb, ...others] } : { stacks: [], argv: [verb, ...words] };
}

/** `apply` is cdktf-cli's other name for it. */
export function isDeploy(verb: string | undefined): boolean {
  return verb === "deploy" || verb === "apply";
}

const IGNORING = /^--(ignore-missing-stack-dependencies|ignoreMissingStackDependencies)(=true)?$/;

/** The stacks that a synth names, and what is left for cdktf-cli: its own synth knows no names. */
export function stacksToSynthesize(argv: readonly string[]): {
  readonly stacks: readonly string[];
  readonly argv: readonly string[];
} {
  const [verb, ...words] = argv;
  if (verb !== "synth") return { stacks: [], argv };
  return { stacks: stacksNamed(words), argv: [verb, ...words.filter((_, index) => !isStack(words, index))] };
}

function stacksNamed(words: readonly string[]): readonly string[] {
  return words.filter((_, index) => isStack(words, index));
}

function isStack(words: readonly string[], index: number): boolean {
  return !words[index]?.startsWith("-") && !VALUED.has(words[index - 1] ?? "");
}

/** Flags of `synth` and `deploy` that take a value; the word behind any other one is a stack. */
const VALUED = new Set([
  ...["-a", "--app", "-o", "--output", "--outputs-file", "--parallelism", "--terraform-parallelism"],
  ...["--var", "--var-file", "--log-level", "--log-file-directory", "--experimental-provider-schema-cache-path"],
]);

/**
 * What init has locked for this machine, cdktf-cli would lock for a remote run as well, which there is none of here: it
 * fetches each provider once more, from its registry, whatever mirror is configured.
 */
export function lockFlags([verb = "", ...words]: readonly string[]): readonly string[] {
  const flag = "--skip-provider-lock";
  return RUNS_TERRAFORM.has(verb) && !words.includes(flag) ? [flag] : [];
}

/**
 * A new group that contains others keeps its place until they are there; with ten places, which is Terraform's own number,
 * ten such groups would keep all the others from being created.
 */
export function parallelismFlags(
  [verb, ...words]: readonly string[],
  { CDKTF_TERRAFORM_PARALLELISM: set }: NodeJS.ProcessEnv,
): readonly string[] {
  const isSaid = set !== undefined || words.some((word) => /^--terraform-?parallelism(=|$)/i.test(word));
  return isDeploy(verb) && !isSaid ? ["--terraform-parallelism", "50"] : [];
}

/**
 * Refuses a change that nobody could approve: cdktf-cli asks on a terminal, and without one breaks off after the plan.
 *
 * @throws {UsageError} for `deploy`, `apply` and `destroy` without `--auto-approve` where standard input is no terminal.
 */
export function assertApprovable(
  [verb = "", ...words]: readonly string[],
  isTerminal: boolean,
  env: NodeJS.ProcessEnv,
): void {
  if (isTerminal || !APPROVED.has(verb) || env.CDKTF_AUTO_APPROVE === "true") return;
  if (asksForHelp(words) || words.some((word) => /^--auto-approve(=true)?$/.test(word))) return;
  throw new UsageError(
    `${verb}: nobody can be asked for approval, as standard input is no terminal. ` +
      `See the changes with npx cdktf plan, then add --auto-approve`,
  );
}

const APPROVED = new Set(["deploy", "apply", "destroy"]);

/** In a file or a pipe terraform's colours are only in the way; `FORCE_COLOR` asks for them all the same. */
export function colourFlags(
  [verb = "", ...words]: readonly string[],
  isTerminal: boolean,
  { FORCE_COLOR: forced = "" }: NodeJS.ProcessEnv,
): readonly string[] {
  const isForced = forced !== "" && forced !== "0";
  const isSaid = words.some((word) => /^--(no-)?color(=|$)/.test(word));
  return isTerminal || isForced || isSaid || !RUNS_TERRAFORM.has(verb) ? [] : ["--no-color"];
}

/** The verbs that plan or change stacks. */
export const RUNS_TERRAFORM: ReadonlySet<string> = new Set(["plan", "diff", "deploy", "apply", "destroy"]);

/** Whether the verb comes to nothing without terraform: for the others nobody has to install it. */
export function needsTerraform([verb = "", ...words]: readonly string[]): boolean {
  return (RUNS_TERRAFORM.has(verb) || verb === "output" || verb === "watch") && !asksForHelp(words);
}

function asksForHelp(words: readonly string[]): boolean {
  return words.some((word) => /^(--help|-h|--version)$/.test(word));
}

/** The value behind one of `flags`, as `--flag value` or `--flag=value`. */
export function flagValue(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (flags.includes(word)) return words[index + 1];
    const flag = flags.find((name) => word.startsWith(`${name}=`));
    if (flag !== undefined) return word.slice(flag.length + 1);
  }
  return undefined;
}
