import { type StoredObject, StoreError } from "../cloud/object-store";
import { retiredPlace } from "../model/retired-sources";
import { findConflicts } from "./conflicts";
import {
  accountNotAllowed,
  accountsUnknown,
  destinationDiffers,
  destinationFailure,
  objectOf,
  sourceFailure,
  sourceRetired,
} from "./failures";
import { groupBy } from "./group-by";
import { listWanted } from "./listing";
import { refuseConflict, refuseMissing, suggestNames } from "./missing";
import { knownSha256 } from "./record";
import type { Run } from "./run";
import { identityKey } from "./shared";
import type {
  Failed,
  LineOutcome,
  LineTarget,
  Outcome,
  PendingLine,
  PromotionOptions,
  PromotionRequest,
  Published,
  Resolution,
} from "./types";

/** What a line came to: an outcome, work that is still to be done, or the question whether its source has it. */
type State = Outcome | Pick<PendingLine, "pending" | "object" | "inSource"> | "free";

/** Decides from listings alone what can be decided, for every line and destination on its own. */
export async function resolveLines(run: Run, request: PromotionRequest): Promise<Resolution> {
  const targets = enumerate(request);
  const states = new Map<LineTarget, State>();
  const allowed = targets.filter((target) => {
    const refusal = checkAccount(target, run.options);
    if (refusal) states.set(target, refusal);
    return refusal === undefined;
  });

  await Promise.all(groupBy(allowed, destinationKey(run)).map((group) => judgeDestination(run, group, states)));
  for (const target of allowed) {
    const { retired } = target;
    if (retired !== undefined && states.get(target) === "free") states.set(target, sourceRetired(target, retired));
  }
  const rivalOf = findConflicts(targets);
  const asked = allowed.filter((target) => needsSource(states.get(target), run.options));
  await Promise.all(groupBy(asked, sourceKey(run)).map((group) => judgeSource(run, group, states)));

  const unclear = targets.filter((target) => states.get(target) === "free" || isUnsettled(states.get(target)));
  const contested = new Map(
    unclear.flatMap((target) => {
      const rival = rivalOf(target);
      return rival === undefined ? [] : [[target, rival] as const];
    }),
  );
  const missing = targets.filter((target) => states.get(target) === "free");
  const suggestions = await suggestNames(run, missing, targets);
  for (const target of missing) states.set(target, refuseMissing(target, suggestions.get(target), request));
  for (const [target, rival] of contested) {
    states.set(target, refuseConflict(target, rival, suggestions.get(target)));
  }
  return { lines: targets.map((target) => toLine(target, states.get(target))) };
}

function enumerate({ directories }: PromotionRequest): readonly LineTarget[] {
  const targets: LineTarget[] = [];
  for (const { filestores, manifests, pushedTo, retired = [] } of directories) {
    const { name: directory, source, destinations } = filestores;
    for (const manifest of manifests) {
      for (const line of manifest.lines) {
        const place = retiredPlace(source, line.name, retired);
        const common = { directory, manifest: manifest.file, line, source, ...(place && { retired: place }) };
        for (const destination of destinations) {
          const target = { ...common, destination };
          targets.push(pushedTo?.has(destination.bucket) ? { ...target, ignoresRecords: true } : target);
        }
      }
    }
  }
  return targets;
}

function checkAccount(target: LineTarget, { identity, allowedServiceAccounts: list }: PromotionOptions) {
  const { serviceAccount } = target.destination;
  if (serviceAccount === undefined || identity === "ambient" || list === "any") return undefined;
  if (identity === "anonymous" && list === undefined) return undefined;
  if (list === "unknown") return accountsUnknown(target, serviceAccount);
  return list?.includes(serviceAccount) ? undefined : accountNotAllowed(target, serviceAccount);
}

/** One listing per destination, shared by all manifests. What fails to be listed fails these lines and no others. */
async function judgeDestination(run: Run, group: readonly LineTarget[], states: Map<LineTarget, State>): Promise<void> {
  const { destination } = group[0] as LineTarget;
  try {
    const store = await run.store(destination.scheme, run.identityFor(destination));
    const wanted = new Set(group.map((target) => objectOf(destination, target).name));
    const found = await listWanted(run, store, destination.bucket, destination.prefix, wanted);
    for (const target of group) {
      const object = found.get(objectOf(destination, target).name);
      states.set(target, object === undefined ? "free" : judge(run, store.endpoint, target, object));
    }
  } catch (error) {
    for (const target of group) states.set(target, destinationFailure(target, error));
  }
}

function judge(run: Run, endpoint: string, target: LineTarget, object: StoredObject): State {
  const known = knownSha256(target, object, run.cache.find(endpoint, object));
  if (known === undefined) return { pending: "destination", object };
  if (known.sha256 !== target.line.sha256) return destinationDiffers(target, object, known.sha256);
  return { status: "published", published: object, evidence: known.evidence };
}

function needsSource(state: State | undefined, { inspectSources }: PromotionOptions): boolean {
  if (state === "free") return true;
  return inspectSources === true && state !== undefined && isThere(state);
}

async function judgeSource(run: Run, group: readonly LineTarget[], states: Map<LineTarget, State>): Promise<void> {
  const { source, destination } = group[0] as LineTarget;
  try {
    const store = await run.store(source.scheme, run.sourceReaderFor(destination));
    const wanted = new Set(group.map((target) => objectOf(source, target).name));
    const found = await listWanted(run, store, source.bucket, source.prefix, wanted);
    for (const target of group) {
      const object = found.get(objectOf(source, target).name);
      const state = states.get(target);
      if (state === "free") {
        if (object !== undefined) states.set(target, { pending: "source", object });
      } else if (state !== undefined && isThere(state))
        states.set(target, { ...state, inSource: object !== undefined });
    }
  } catch (error) {
    for (const target of group) {
      if (states.get(target) === "free") states.set(target, sourceUnreadable(target, error));
    }
  }
}

/** Whether the destination holds something under the name. */
function isThere(state: State): state is Published | Pick<PendingLine, "pending" | "object"> {
  return typeof state === "object" && ("pending" in state || state.status === "published");
}

/** Before anything was hashed a missing object is no change: the bucket itself is not there. */
function sourceUnreadable(target: LineTarget, error: unknown): Failed {
  if (!(error instanceof StoreError) || error.kind !== "notFound") return sourceFailure(target, error);
  const { base } = target.source;
  const repair = `There is no such bucket. Deploy the staging project that has it, or correct the source base ${base} in the filestore. Nothing was copied.`;
  return sourceFailure(target, new StoreError("refused", error.message, { cause: error, repair }));
}

function isUnsettled(state: State | undefined): boolean {
  return state !== undefined && state !== "free" && "pending" in state && state.pending === "source";
}

function toLine(target: LineTarget, state: State | undefined): LineOutcome | PendingLine {
  if (state === undefined || state === "free") throw new Error(`${target.line.name}: left without an outcome`);
  return "pending" in state ? { ...target, outcome: undefined, ...state } : { ...target, outcome: state };
}

function destinationKey(run: Run) {
  return ({ destination }: LineTarget): string =>
    `${destination.scheme} ${destination.bucket} ${destination.prefix} ${identityKey(run.identityFor(destination))}`;
}

function sourceKey(run: Run) {
  return ({ source, destination }: LineTarget): string =>
    `${source.scheme} ${source.bucket} ${source.prefix} ${identityKey(run.sourceReaderFor(destination))}`;
}
