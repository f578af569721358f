import type { ObjectStore } from "../cloud/object-store";
import { StoreError } from "../cloud/object-store";
import {
  destinationDiffers,
  destinationFailure,
  destinationUrl,
  hashDiffers,
  internal,
  sourceFailure,
  writeFailure,
} from "./failures";
import { createHasher, type Hasher } from "./hash";
import { publish } from "./publish";
import type { Run } from "./run";
import { runHeaviestFirst } from "./schedule";
import { identityKey } from "./shared";
import type { LineOutcome, LineTarget, Outcome, PendingLine, PlanSummary, PromotionPlan, Resolution } from "./types";
import { createUploads, type Preflight } from "./uploads";

/** `verify` ends before the first write. */
export type Mode = "verify" | "promote";

/** Brings every line to its outcome. */
export async function settle(run: Run, { lines }: Resolution, mode: Mode): Promise<PromotionPlan> {
  const pending = lines.filter((line): line is PendingLine => line.outcome === undefined);
  run.emit({
    type: "resolved",
    lines: lines.length,
    pending: pending.length,
    pendingBytes: bytesToRead(pending),
  });
  for (const line of lines) if (line.outcome !== undefined) run.emit({ type: "done", result: line });

  const outcomes = new Map<LineTarget, LineOutcome>();
  const settler = createSettler(run, mode, pending);
  // More lanes than requests: a line that waits before it tries again leaves its request to another one.
  const width = 2 * run.context.limiter.capacity;
  await runHeaviestFirst(
    pending,
    ({ object }) => object.size,
    width,
    async (line) => {
      const { outcome: _, pending: __, object: ___, ...target } = line;
      const result = { ...target, outcome: await settler.settle(line) };
      outcomes.set(line, result);
      run.emit({ type: "done", result });
    },
  );
  await settler.over();
  const settled = lines.map((line) => (line.outcome === undefined ? (outcomes.get(line) as LineOutcome) : line));
  return { outcomes: settled, summary: summarize(settled, run.counters.bytesRead) };
}

/** An object is read once, however many destinations want it. */
function bytesToRead(pending: readonly PendingLine[]): number {
  const objects = new Map(
    pending.map(({ object }) => [`${object.generation} ${object.bucket}/${object.name}`, object]),
  );
  return [...objects.values()].reduce((sum, { size }) => sum + size, 0);
}

interface Settler {
  settle(line: PendingLine): Promise<Outcome>;

  /** Resolves when nothing is under way any more. */
  over(): Promise<void>;
}

function createSettler(run: Run, mode: Mode, pending: readonly PendingLine[]): Settler {
  const hasher = createHasher(run);
  const preflight = mode === "promote" ? startPreflights(run, pending) : undefined;
  const uploads = preflight && createUploads(run, hasher, pending, preflight);
  /** Two manifests may list the same file: the object is written for the first, and there for the second. */
  const sameObject = new Map<string, Promise<Outcome>>();

  async function settleOne(line: PendingLine): Promise<Outcome> {
    try {
      return line.pending === "destination" ? await identify(run, hasher, line) : await promoteOne(line);
    } catch (error) {
      return internal(error);
    }
  }

  async function promoteOne(line: PendingLine): Promise<Outcome> {
    const from = await run.store(line.source.scheme, run.sourceReaderFor(line.destination));
    await uploads?.begin(line, from);
    const verified = await verifySource(run, hasher, from, line);
    if (preflight === undefined || uploads === undefined || verified.status !== "verified") return verified;
    const refusal = await preflight(line);
    if (refusal !== undefined) return writeFailure(line, refusal);
    const to = await run.store(line.destination.scheme, run.identityFor(line.destination));
    const outcome = await publish(run, hasher, {
      target: line,
      object: line.object,
      digests: verified.digests,
      from,
      to,
      upload: () => uploads.create(line, from),
    });
    if (outcome.status === "copied") run.emit({ type: "copied", target: line, size: line.object.size });
    return outcome;
  }

  async function afterFirst(line: PendingLine, outcome: Outcome): Promise<Outcome> {
    if (outcome.status === "copied") {
      return { status: "published", published: outcome.published, evidence: "record", inSource: true };
    }
    // Its repair names the manifest, and each line has its own; the bytes are not read again.
    const isWrongHash = outcome.status === "failed" && outcome.failure.reason === "hash-differs";
    return isWrongHash ? settleOne(line) : outcome;
  }

  return {
    async settle(line) {
      // What the destination holds may be right for one line and wrong for another.
      const key = `${line.line.sha256} ${destinationUrl(line)}`;
      const first = sameObject.get(key);
      if (first !== undefined) return afterFirst(line, await first);
      const outcome = settleOne(line);
      sameObject.set(key, outcome);
      return outcome;
    },
    over: async () => uploads?.over(),
  };
}

async function verifySource(run: Run, hasher: Hasher, store: ObjectStore, line: PendingLine): Promise<Outcome> {
  run.emit({ type: "started", target: line, size: line.object.size });
  try {
    const digests = await hasher.hash(store, line.object, (bytes) => run.emit({ type: "hashed", target: line, bytes }));
    if (digests.sha256 !== line.line.sha256) return hashDiffers(line, digests.sha256);
    return { status: "verified", source: line.object, digests };
  } catch (error) {
    return sourceFailure(line, error);
  }
}

/** Reads what somebody else published, to learn what it is. */
async function identify(run: Run, hasher: Hasher, line: PendingLine): Promise<Outcome> {
  run.emit({ type: "started", target: line, size: line.object.size });
  try {
    const store = await run.store(line.destination.scheme, run.identityFor(line.destination));
    const { sha256 } = await hasher.hash(store, line.object, (bytes) =>
      run.emit({ type: "hashed", target: line, bytes }),
    );
    if (sha256 !== line.line.sha256) return destinationDiffers(line, line.object, sha256);
    const { object: published, inSource } = line;
    return { status: "published", published, evidence: "hashed", ...(inSource !== undefined && { inSource }) };
  } catch (error) {
    return destinationFailure(line, error);
  }
}

/** Asks once per destination whether it can be written, while the first bytes are hashed. */
function startPreflights(run: Run, pending: readonly PendingLine[]): Preflight {
  const answers = new Map<string, Promise<StoreError | undefined>>();

  function answer({ destination }: LineTarget): Promise<StoreError | undefined> {
    const identity = run.identityFor(destination);
    const key = `${destination.base} ${identityKey(identity)}`;
    const known = answers.get(key) ?? ask(destination, identity);
    answers.set(key, known);
    return known;
  }

  async function ask({ scheme, bucket, prefix }: LineTarget["destination"], identity: ReturnType<Run["identityFor"]>) {
    try {
      const store = await run.store(scheme, identity);
      await store.checkWritable(bucket, prefix, { signal: run.signal });
      return undefined;
    } catch (error) {
      return error instanceof StoreError ? error : new StoreError("refused", String(error), { cause: error });
    }
  }

  for (const line of pending) if (line.pending === "source") void answer(line);
  return answer;
}

function summarize(outcomes: readonly LineOutcome[], bytesRead: number): PlanSummary {
  const count = { verified: 0, copied: 0, published: 0, failed: 0 };
  const sizes = new Map<string, number>();
  let expired = 0;
  for (const { outcome, ...target } of outcomes) {
    count[outcome.status] += 1;
    if (outcome.status === "verified" || outcome.status === "copied") {
      sizes.set(destinationUrl(target), outcome.source.size);
    }
    if (outcome.status === "published" && outcome.inSource === false) expired += 1;
  }
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { ...count, expired, objects: sizes.size, bytes, bytesRead };
}
