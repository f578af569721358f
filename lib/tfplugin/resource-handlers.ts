import { DiagnosticsError } from "./diagnostics";
import { attempt, type Outcome } from "./operation";
import { defaultPlan } from "./plan";
import type { AnyResource } from "./provider";
import { replacements } from "./replacements";
import type { StateContext } from "./resource";
import { typeOfBlock } from "./schema";
import { parseStateJson, valueFromJson } from "./state-json";
import type { CtyType, Entries } from "./types";
import type { CallRequest, CallResponse } from "./wire";
import { fromWire, toWire, toWireDiagnostics, toWirePath } from "./wire-values";

/** A `PlanResult` of which nothing is known but that it fits the schema. */
interface PlannedEntries {
  readonly planned?: Entries;
  readonly replace?: readonly string[];
}

/** Kept by Terraform beside a state, unseen by users: an import made it. An apply takes it away. */
const IMPORTED = Buffer.from("imported");
const NOTHING = Buffer.alloc(0);

/** The calls that concern one resource type. */
export class ResourceHandlers {
  private readonly type: CtyType;

  constructor(
    private readonly resource: AnyResource,
    private readonly signal: AbortSignal,
    private readonly legacyTypeSystem: boolean,
  ) {
    this.type = typeOfBlock(resource.schema);
  }

  async validate(request: CallRequest<"ValidateResourceConfig">): Promise<CallResponse<"ValidateResourceConfig">> {
    const config = fromWire(this.type, request.config) ?? {};
    const { diagnostics } = await attempt(this.signal, (context) => this.resource.validate?.(config, context));
    return { diagnostics: toWireDiagnostics(diagnostics) };
  }

  async upgrade(request: CallRequest<"UpgradeResourceState">): Promise<CallResponse<"UpgradeResourceState">> {
    const { value, diagnostics } = await attempt(this.signal, () => {
      const json = parseStateJson(request.rawState?.json ?? Buffer.from("null"));
      return valueFromJson(this.type, this.upgradeJson(request.version, json));
    });
    return { upgradedState: toWire(this.type, value), diagnostics: toWireDiagnostics(diagnostics) };
  }

  private upgradeJson(version: number, state: unknown): unknown {
    const current = this.resource.schema.version ?? 0;
    if (version === current) return state;
    if (version < current && this.resource.upgrade !== undefined) return this.resource.upgrade(version, state);
    const summary = `${this.resource.type}: the state has schema version ${version}, this provider has ${current}`;
    throw new DiagnosticsError([
      { severity: "error", summary, detail: "Use the version that wrote the state, or newer." },
    ]);
  }

  async read(request: CallRequest<"ReadResource">): Promise<CallResponse<"ReadResource">> {
    const state = fromWire(this.type, request.currentState);
    const shelf = shelfOf(request.private);
    const { value, failed, diagnostics } = await attempt(this.signal, async (context) =>
      state === undefined ? undefined : this.resource.read(state, { ...context, ...shelf.hooks }),
    );
    return {
      newState: toWire(this.type, failed ? state : value),
      diagnostics: toWireDiagnostics(diagnostics),
      private: IMPORTED.equals(request.private) ? IMPORTED : shelf.content(),
    };
  }

  async plan(request: CallRequest<"PlanResourceChange">): Promise<CallResponse<"PlanResourceChange">> {
    const prior = fromWire(this.type, request.priorState);
    const proposed = fromWire(this.type, request.proposedNewState);
    if (proposed === undefined) return this.planDelete(prior);
    const config = fromWire(this.type, request.config) ?? {};
    const standard = defaultPlan(this.resource.schema, prior, config, proposed);
    const { value, diagnostics } = await attempt<PlannedEntries | undefined>(this.signal, (context) =>
      this.resource.plan?.(
        { config, prior, proposed: standard, imported: IMPORTED.equals(request.priorPrivate) },
        context,
      ),
    );
    const planned = value?.planned ?? standard;
    const replace = [
      ...replacements(this.resource.schema, prior ?? planned, planned),
      ...(value?.replace ?? []).map((name) => [name]),
    ];
    return {
      plannedState: toWire(this.type, planned),
      plannedPrivate: request.priorPrivate,
      requiresReplace: prior === undefined ? [] : replace.map(toWirePath),
      diagnostics: toWireDiagnostics(diagnostics),
      legacyTypeSystem: this.legacyTypeSystem,
    };
  }

  private async planDelete(prior: Entries | undefined): Promise<CallResponse<"PlanResourceChange">> {
    const { diagnostics } = await attempt(this.signal, (context) => this.resource.planDelete?.(prior, context));
    return { plannedState: toWire(this.type, undefined), diagnostics: toWireDiagnostics(diagnostics) };
  }

  async apply(request: CallRequest<"ApplyResourceChange">): Promise<CallResponse<"ApplyResourceChange">> {
    const prior = fromWire(this.type, request.priorState);
    const planned = fromWire(this.type, request.plannedState);
    const config = fromWire(this.type, request.config) ?? {};
    const shelf = shelfOf(request.plannedPrivate);
    const outcome = await attempt(this.signal, (context) =>
      this.change(prior, planned, config, { ...context, ...shelf.hooks }),
    );
    return {
      newState: toWire(this.type, recorded(prior, planned, outcome)),
      private: outcome.threw ? request.plannedPrivate : shelf.content(),
      diagnostics: toWireDiagnostics(outcome.diagnostics),
      legacyTypeSystem: this.legacyTypeSystem,
    };
  }

  private async change(
    prior: Entries | undefined,
    planned: Entries | undefined,
    config: Entries,
    context: StateContext,
  ): Promise<Entries | undefined> {
    if (planned === undefined) {
      await this.resource.delete(prior, context);
      return undefined;
    }
    if (prior === undefined) return this.resource.create({ config, planned }, context);
    return this.resource.update({ prior, config, planned }, context);
  }

  async import(request: CallRequest<"ImportResourceState">): Promise<CallResponse<"ImportResourceState">> {
    const { type } = this.resource;
    const { value, failed, diagnostics } = await attempt<Entries>(this.signal, async (context) => {
      if (this.resource.import !== undefined) return this.resource.import(request.id, context);
      throw new DiagnosticsError([{ severity: "error", summary: `${type}: objects of this type can't be imported` }]);
    });
    return {
      importedResources: failed ? [] : [{ typeName: type, state: toWire(this.type, value), private: IMPORTED }],
      diagnostics: toWireDiagnostics(diagnostics),
    };
  }
}

/** What stands beside a state during an operation. */
function shelfOf(before: Uint8Array) {
  let content = IMPORTED.equals(before) ? NOTHING : before;
  const kept = content.length === 0 ? undefined : Buffer.from(content).toString();
  const keep = (text: string) => {
    content = Buffer.from(text);
  };
  return { hooks: { kept, keep }, content: () => content };
}

/** The state that Terraform keeps after an apply, as the comments of `Resource` promise. */
function recorded(
  prior: Entries | undefined,
  planned: Entries | undefined,
  { value, threw, failed }: Outcome<Entries | undefined>,
): Entries | undefined {
  if (planned === undefined) return failed ? prior : undefined;
  if (prior === undefined) return failed ? undefined : value;
  return threw ? prior : value;
}
