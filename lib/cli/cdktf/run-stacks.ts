import { setTimeout } from "node:timers/promises";
import { createLimiter } from "../../cloud/limiter";
import { deferInterrupts, wasInterrupted } from "./deferred-interrupts";
import { isNotYetKnown } from "./not-yet-known";
import { complaintsIn } from "./pseudo-terminal";
import { type End, failure, reportOf, type Verb } from "./stack-ends";

/** What cdktf-cli's project is while it deploys or destroys. */
export interface Project {
  stacksToRun: readonly Executor[];
  readonly abortSignal: AbortSignal;

  /** Draws the line anew that counts stacks. */
  onUpdate(update: { readonly type: string }): void;
}

/** One of its stacks. */
export interface Executor {
  readonly stack: {
    readonly name: string;
    readonly workingDirectory: string;
    readonly dependencies: readonly string[];
  };

  /** Not begun, and not stopped by an approval that was not given. */
  readonly isPending: boolean;

  /** Spelled as cdktf-cli does. */
  initalizeTerraform(noColor?: boolean, skipProviderLock?: boolean, migrateState?: boolean): Promise<unknown>;

  /** Ends in peace as well where the change was dismissed. */
  deploy(options: RunOptions): Promise<void>;
  destroy(options: RunOptions): Promise<void>;

  updateState(update: StackUpdate): void;

  /** Chosen in the menu that asks for the approval of any stack: this one is not to be begun. */
  stop(): Promise<void>;
}

/** What a stack tells; where it waits for an approval, with the answers there are. */
export interface StackUpdate {
  readonly type: string;
  readonly approve?: () => void;
  readonly reject?: () => void;
}

export interface RunOptions {
  /** @default - as many stacks at a time as are ready */
  readonly parallelism?: number;
  readonly noColor?: boolean;
  readonly skipProviderLock?: boolean;
  readonly migrateState?: boolean;
}

const INTERRUPTED = "interrupted";

/** After which a deploy tries a stack again that failed by what Google does not know everywhere yet. */
const WAITS_SECONDS = [10, 30, 60];

/** Its text is the last thing that cdktf-cli prints. */
class UnfinishedError extends Error {
  override toString(): string {
    return this.message;
  }
}

/**
 * Runs stacks in the order of their dependencies. One that fails holds up those that need it, and no others; cdktf-cli's
 * own way of running them ends then, in the middle of what the others do.
 *
 * @throws {UnfinishedError} with the end of each stack when all have ended, if one failed or an interrupt held one up.
 */
export async function runStacks(project: Project, verb: Verb, options: RunOptions, wait = waitSeconds): Promise<void> {
  // Named twice, a stack would run beside itself.
  const stacks = [...new Map(project.stacksToRun.map((executor) => [executor.stack.name, executor])).values()];
  project.stacksToRun = stacks;
  const { parallelism = 0, noColor, skipProviderLock, migrateState } = options;
  const isInterrupted = () => project.abortSignal.aborted || wasInterrupted();
  const failed = (executor: Executor, error: unknown) =>
    failure(executor.stack.workingDirectory, verb, isInterrupted() ? INTERRUPTED : error);
  const limiter = createLimiter(parallelism > 0 ? parallelism : Number.POSITIVE_INFINITY);
  const ends = new Map<Executor, Promise<End>>();

  // One after another, as Terraform's plugin cache asks for.
  for (const executor of stacks) {
    if (isInterrupted()) break;
    await executor.initalizeTerraform(noColor, skipProviderLock, migrateState).catch((error: unknown) => {
      ends.set(executor, Promise.resolve(failed(executor, error)));
    });
  }

  function endOf(executor: Executor): Promise<End> {
    const end = ends.get(executor) ?? runInTurn(executor);
    ends.set(executor, end);
    return end;
  }

  async function runInTurn(executor: Executor): Promise<End> {
    for (const needed of neededBy(executor, stacks, verb)) {
      const end = await endOf(needed);
      if (end.status === "not started") return end;
      if (end.status !== "done") return { status: "not started", reason: `${needed.stack.name} ${end.status}` };
    }
    return limiter.run(1, undefined, () => run(executor));
  }

  async function run(executor: Executor): Promise<End> {
    if (isInterrupted()) return { status: "not started", reason: INTERRUPTED };
    if (!executor.isPending) return { status: "not started", reason: "stopped" };
    const approval = followApproval(executor);
    const { name, workingDirectory } = executor.stack;
    async function attempt([seconds, ...more]: readonly number[], before?: End): Promise<End> {
      try {
        await executor[verb](options);
        // A further try that is not approved leaves the stack as failed as it was.
        return approval.isDismissed() ? (before ?? { status: "dismissed" }) : { status: "done" };
      } catch (error) {
        const end = failed(executor, error);
        if (seconds === undefined || isInterrupted() || !isNotYetKnown(complaintsIn(workingDirectory))) return end;
        process.stderr.write(`\n${name}: what is new is not known everywhere yet; again in ${seconds} s\n`);
        await wait(seconds);
        if (isInterrupted()) return failed(executor, INTERRUPTED);
        return approval.isStopped() ? end : attempt(more, end);
      }
    }
    return attempt(verb === "deploy" ? WAITS_SECONDS : []);
  }

  const rows = await Promise.all(
    stacks.map(async (executor) => ({ stack: executor.stack.name, ...(await endOf(executor)) })),
  );
  project.onUpdate({ type: "ended" });
  const isUnfinished = rows.some(({ status, reason }) => status === "failed" || reason === INTERRUPTED);
  if (isUnfinished) throw new UnfinishedError(`\n${reportOf(rows)}`);
}

/** What must have ended well before a stack is deployed, or destroyed. */
function neededBy({ stack }: Executor, stacks: readonly Executor[], verb: Verb): readonly Executor[] {
  return verb === "deploy"
    ? stacks.filter((other) => stack.dependencies.includes(other.stack.name))
    : stacks.filter((other) => other.stack.dependencies.includes(stack.name));
}

/**
 * Follows the approval of a stack. One that waits for it when the menu's "Stop" is chosen, or comes to wait after that, is
 * dismissed: cdktf-cli forgets its question then, and terraform would wait for the answer for ever.
 *
 * @returns whether the change was dismissed, and whether "Stop" was chosen
 */
function followApproval(executor: Executor) {
  let isDismissed = false;
  let isStopped = false;
  let waiting: StackUpdate | undefined;
  const update = executor.updateState.bind(executor);
  const stop = executor.stop.bind(executor);
  executor.updateState = (state) => {
    waiting = state.type === "waiting for stack approval" ? state : undefined;
    isDismissed ||= state.type === "dismissed";
    if (isStopped && waiting) setImmediate(() => state.reject?.());
    else update(state);
  };
  executor.stop = async () => {
    isStopped = true;
    waiting?.reject?.();
    await stop();
  };
  return { isDismissed: () => isDismissed, isStopped: () => isStopped };
}

/** An interrupt ends it. */
async function waitSeconds(seconds: number): Promise<void> {
  const interrupt = new AbortController();
  const end = setTimeout(seconds * 1000, undefined, { signal: interrupt.signal }).catch(() => {});
  deferInterrupts(end, () => interrupt.abort());
  await end;
}
