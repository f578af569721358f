import type { ReportDiagnostic } from "./diagnostics";
import type { Schema } from "./schema";
import type { PartlyKnown } from "./types";

/** Passed to every operation. */
export interface OperationContext {
  /** Aborted when the user interrupts Terraform: stop soon, and return or throw as for any other failure. */
  readonly signal: AbortSignal;

  /** Shows a warning or an error. An operation may report many and go on; one reported error makes it fail. */
  readonly report: ReportDiagnostic;
}

/** Passed to the operations that return a state. */
export interface StateContext extends OperationContext {
  /** What an operation on this object kept last. */
  readonly kept?: string | undefined;

  /** Has Terraform keep this beside the state, unseen by users, in place of `kept`. Not while an import is read. */
  keep?(text: string): void;
}

/** What a plan is made of. */
export interface PlanRequest<Config, State> {
  /** What the user wrote; unknown where it depends on objects that don't exist yet. */
  readonly config: PartlyKnown<Config>;

  /** The object as last read; undefined when it will be created. */
  readonly prior: State | undefined;

  /**
   * The default plan: the configuration over the prior state, with computed attributes the configuration doesn't set
   * unknown if anything changes, except those marked `stable`.
   */
  readonly proposed: PartlyKnown<State>;

  /** Whether `prior` is what an import found, with no apply since: it may say more than a configuration would. */
  readonly imported?: boolean;
}

/** What a create is made of. */
export interface CreateRequest<Config, State> {
  /** What the user wrote, by now wholly known. */
  readonly config: Config;

  /** What was planned; computed attributes may still be unknown, and what is known must come out the same. */
  readonly planned: PartlyKnown<State>;
}

/** What an update is made of. */
export interface UpdateRequest<Config, State> extends CreateRequest<Config, State> {
  /** The object as last read. */
  readonly prior: State;
}

/** What a plan hook wants changed in the default plan. */
export interface PlanResult<State> {
  /**
   * The plan to show. Terraform holds the provider to it: what the configuration sets stays as it is, or as it was in
   * the prior state if that means the same, and a known value stays that value in apply. Only computed attributes may be
   * made known, or left unknown.
   * @default - `proposed`
   */
  readonly planned?: PartlyKnown<State>;

  /**
   * Names of attributes whose change needs a new object, beside those marked `forceNew`. Ignored for new objects.
   * @default - none
   */
  readonly replace?: readonly string[];
}

/**
 * What Terraform does to one kind of object. The framework is the only caller.
 *
 * `Config` is what the user writes, `State` the same with the computed attributes. Both are plain objects: null
 * attributes are left out, sets are arrays (in no particular order), and maps and objects have no prototype. Known
 * numbers are `number`, or `Decimal` where that would lose digits.
 *
 * An operation fails by throwing (`DiagnosticsError` for several diagnostics or attribute paths, any `Error` for one
 * message) or by reporting an error through its context. Modules of resources are loaded at every start of the
 * provider, several times per plan: import cloud clients inside the operations, not at the top.
 */
export interface Resource<Config extends object, State extends object> {
  /** Terraform's type name, e.g. `artifacts_promotion`. */
  readonly type: string;

  readonly schema: Schema;

  /** Reports what is wrong with a configuration before any plan is made. Reaches no network. */
  validate?(config: PartlyKnown<Config>, context: OperationContext): void | Promise<void>;

  /**
   * Checks and refines the plan of a create or update. Called in plan and, with the same arguments, again in apply:
   * it must give the same answer both times. Not called when an object is only destroyed.
   */
  plan?(request: PlanRequest<Config, State>, context: OperationContext): Promise<PlanResult<State>>;

  /** Called before an object is destroyed, in plan and in apply; reports what the user should know, or refuses. */
  planDelete?(prior: State, context: OperationContext): Promise<void>;

  /** Returns the object as it is now, or undefined if it is gone. If it fails, the state stays as it was. */
  read(state: State, context: StateContext): Promise<State | undefined>;

  /**
   * Makes the object and returns its whole state, no value unknown. If it fails, nothing is recorded, whatever it
   * returns, so that the next run creates again: it must be able to go on from what a failed run left behind.
   * (A recorded state would taint the object, and Terraform would destroy it.)
   */
  create(request: CreateRequest<Config, State>, context: StateContext): Promise<State>;

  /**
   * Changes the object and returns its whole state. If it reports errors, the state it returns is recorded, so it
   * returns what it reached; if it throws, `prior` is recorded.
   */
  update(request: UpdateRequest<Config, State>, context: StateContext): Promise<State>;

  /** Removes the object; no error if it is gone already. If it fails, the state stays as it was. */
  delete(state: State, context: OperationContext): Promise<void>;

  /** Returns as much state for `id` as `read` needs, which is called next. Without it, import is refused. */
  import?(id: string, context: OperationContext): Promise<State>;

  /** Turns a state written under an older `schema.version`, as parsed from its JSON, into one of today. */
  upgrade?(version: number, state: unknown): unknown;
}

/** Something a configuration reads and never changes. */
export interface DataSource<Config extends object, State extends object> {
  /** Terraform's type name. */
  readonly type: string;

  readonly schema: Schema;

  validate?(config: PartlyKnown<Config>, context: OperationContext): void | Promise<void>;

  /** Called once everything in the configuration is known. */
  read(config: Config, context: OperationContext): Promise<State>;
}
