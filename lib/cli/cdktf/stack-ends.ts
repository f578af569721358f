import { count } from "../format";
import { localState } from "./interrupted";
import { hasLostProvider, signalThatKilled } from "./pseudo-terminal";

export type Verb = "deploy" | "destroy";

/** How a stack's part in a deploy or destroy ended. */
export interface End {
  /** `dismissed`: whoever was asked did not approve the change. */
  readonly status: "done" | "dismissed" | "not started" | "failed";

  /** @default - none, or terraform has said it */
  readonly reason?: string;
}

/** In the order in which they are told: what needs attention stands last, where a terminal shows it. */
const STATUSES = ["done", "dismissed", "not started", "failed"] as const;

/** The end of a stack that threw `error`; `folder` is where terraform ran. */
export function failure(folder: string, verb: Verb, error: unknown): End {
  const again = `Run the ${verb} again: it goes on from there`;
  const signal = signalThatKilled(folder);
  if (signal !== undefined) {
    const next = localState(folder) === undefined ? "; if its state stays locked, see docs/cli.md" : "";
    return { status: "failed", reason: `terraform was killed (${signal}). ${again}${next}` };
  }
  if (hasLostProvider(folder)) return { status: "failed", reason: `a provider ended under terraform. ${again}` };
  const said = String(error).replace(/^Error: /, "");
  return said.startsWith("Invoking Terraform CLI failed") ? { status: "failed" } : { status: "failed", reason: said };
}

/** One line per stack, and how many there are of each. */
export function reportOf(ends: readonly (End & { readonly stack: string })[]): string {
  const width = Math.max(...ends.map(({ stack }) => stack.length));
  const sorted = STATUSES.flatMap((wanted) => ends.filter(({ status }) => status === wanted));
  const lines = sorted.map(
    ({ stack, status, reason }) => `${stack.padEnd(width)}  ${status}${reason === undefined ? "" : `: ${reason}`}`,
  );
  const numbers = STATUSES.map((wanted) => [wanted, ends.filter(({ status }) => status === wanted).length] as const)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`);
  return `${[...lines, `${count(ends.length, "stack")}: ${numbers.join(", ")}`].join("\n")}`;
}
