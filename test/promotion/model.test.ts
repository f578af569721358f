import fc from "fast-check";
import { check, promote } from "../../lib/promotion/engine";
import type { PromotionOptions, PromotionPlan, PromotionRequest } from "../../lib/promotion/types";
import type { FaultAction } from "../../sandbox/control/faults";
import { filestore, filestores, hasty, request, sha256, status } from "./support/requests";
import { PRODUCTION, PROMOTER, type SandboxWorld, STAGING, startSandboxWorld } from "./support/sandbox-world";

let world: SandboxWorld;
beforeAll(async () => {
  world = await startSandboxWorld();
});
afterAll(() => world.close());

const NAMES = ["1.0/kops", "1.0/nodeup", "1.1/kops", "index.html"];
const CONTENTS = ["red", "green", "blue".repeat(40_000)];

type Line = readonly [name: string, content: string];
type Action =
  | { readonly do: "push" | "tamper" | "forge"; readonly name: string; readonly content: string }
  | { readonly do: "expire" | "vanish"; readonly name: string }
  | { readonly do: "check" | "promote" | "promoteTwice"; readonly lines: readonly Line[] }
  | { readonly do: "crash"; readonly lines: readonly Line[]; readonly afterEvents: number }
  | Meanwhile
  | Faulty;

/** Somebody pushes, or another tool publishes, in the middle of a promotion. */
interface Meanwhile {
  readonly do: "promoteMeanwhile";
  readonly lines: readonly Line[];
  readonly bucket: string;
  readonly name: string;
  readonly content: string;
  readonly afterEvents: number;
}

interface Faulty {
  readonly do: "promoteThroughFaults";
  readonly lines: readonly Line[];
  readonly fault: FaultAction;
  readonly seed: number;
}

const name = fc.constantFrom(...NAMES);
const content = fc.constantFrom(...CONTENTS);
const lines = fc.array(fc.tuple(name, content), { minLength: 1, maxLength: 5 });
const fault = fc.constantFrom<FaultAction>(
  { status: 503 },
  { status: 429, headers: { "retry-after": "0" } },
  { reset: "before" },
  { reset: "after" },
  { truncateAfterBytes: 3 },
  { corruptByteAt: 2 },
);
const one = <Do extends string>(...of: readonly Do[]) => fc.constantFrom(...of);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: one("push"), name, content }) },
  { weight: 2, arbitrary: fc.record({ do: one("tamper", "forge"), name, content }) },
  { weight: 2, arbitrary: fc.record({ do: one("expire", "vanish"), name }) },
  { weight: 5, arbitrary: fc.record({ do: one("check", "promote", "promote", "promoteTwice"), lines }) },
  { weight: 1, arbitrary: fc.record({ do: one("crash"), lines, afterEvents: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ do: one("promoteThroughFaults"), lines, fault, seed: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one("promoteMeanwhile"),
      lines,
      bucket: one(STAGING, PRODUCTION),
      name,
      content,
      afterEvents: fc.nat(8),
    }),
  },
);

/** What must be true of the two buckets: contents by name. */
interface Model {
  readonly staging: Map<string, string>;
  readonly production: Map<string, string>;
}

/** What a line comes to when nothing goes wrong: rule 1 of the design in ten lines. */
function expected({ staging, production }: Model, [name, content]: Line, all: readonly Line[]): string {
  const published = production.get(name);
  if (published !== undefined) return published === content ? "published" : "destination-differs";
  if (all.some(([other, rival]) => other === name && rival !== content)) return "conflicting-lines";
  const pushed = staging.get(name);
  if (pushed === undefined) return "missing-in-source";
  return pushed === content ? "copied" : "hash-differs";
}

class Session {
  readonly model: Model = { staging: new Map(), production: new Map() };

  /** Generations in production as they must stay: nothing that is there may ever be written again by us. */
  private readonly generations = new Map<string, string>();

  constructor(readonly folder: string) {}

  async perform(action: Action): Promise<void> {
    switch (action.do) {
      case "push":
        await world.put(STAGING, this.path(action.name), action.content);
        this.model.staging.set(action.name, action.content);
        return;
      case "expire":
        if (this.model.staging.delete(action.name)) await world.remove(STAGING, this.path(action.name));
        return;
      case "tamper":
        await world.put(PRODUCTION, this.path(action.name), action.content);
        this.model.production.set(action.name, action.content);
        this.generations.delete(action.name);
        return;
      case "vanish":
        if (this.model.production.delete(action.name)) await world.remove(PRODUCTION, this.path(action.name));
        this.generations.delete(action.name);
        return;
      case "check":
        this.expectPlan(await check(this.request(action.lines), this.options()), action.lines, "verified");
        return this.expectBuckets([]);
      case "promote":
        this.expectPlan(await promote(this.request(action.lines), this.options()), action.lines, "copied");
        return this.expectBuckets(action.lines);
      case "promoteTwice":
        await this.promoteTwice(action.lines);
        return this.expectBuckets(action.lines);
      case "crash":
        await this.crash(action.lines, action.afterEvents);
        return this.expectBuckets(action.lines);
      case "forge":
        return this.forge(action.name, action.content);
      case "promoteMeanwhile":
        return this.promoteMeanwhile(action);
      case "promoteThroughFaults":
        await this.promoteThroughFaults(action);
        return this.expectBuckets(action.lines);
    }
  }

  private expectPlan(plan: PromotionPlan, lines: readonly Line[], done: "verified" | "copied"): void {
    const seen = new Set<string>();
    expect(plan.outcomes.map(({ outcome }) => status(outcome))).toEqual(
      lines.map((line) => {
        const wanted = expected(this.model, line, lines);
        if (wanted !== "copied") return wanted;
        const again = seen.has(line.join());
        seen.add(line.join());
        return done === "copied" && again ? "published" : done;
      }),
    );
  }

  /** Each of the two may win a file; together they must have told the truth about every line. */
  private async promoteTwice(lines: readonly Line[]): Promise<void> {
    const plans = await Promise.all([1, 2].map(() => promote(this.request(lines), this.options())));
    for (const { outcomes } of plans) {
      for (const [index, line] of lines.entries()) {
        const told = status(outcomes[index]!.outcome);
        const wanted = expected(this.model, line, lines);
        expect(wanted === "copied" ? ["copied", "published"] : [wanted]).toContain(told);
      }
    }
  }

  private async crash(lines: readonly Line[], afterEvents: number): Promise<void> {
    const stop = new AbortController();
    let events = 0;
    const plan = await promote(this.request(lines), {
      ...this.options(),
      signal: stop.signal,
      onEvent: () => {
        events += 1;
        if (events > afterEvents) stop.abort(new Error("killed"));
      },
    });
    this.expectTruthOrFailure(plan, lines);
  }

  private async forge(name: string, content: string): Promise<void> {
    if (!this.model.production.has(name)) return;
    await world.forge(PRODUCTION, this.path(name), content);
    this.model.production.set(name, content);
    this.generations.delete(name);
  }

  private async promoteMeanwhile(action: Meanwhile): Promise<void> {
    const { lines, bucket, name, content, afterEvents } = action;
    // Another tool may publish too, but nobody replaces what is published.
    const query = bucket === PRODUCTION ? "&ifGenerationMatch=0" : "";
    let events = 0;
    let meddling: Promise<void> | undefined;
    const plan = await promote(this.request(lines), {
      ...this.options(),
      onEvent: () => {
        events += 1;
        if (events > afterEvents) meddling ??= world.put(bucket, this.path(name), content, query).catch(() => {});
      },
    });
    await meddling;
    if (meddling !== undefined && bucket === STAGING) this.model.staging.set(name, content);
    for (const { line, outcome } of plan.outcomes) {
      if (outcome.status === "failed") continue;
      expect(sha256(await world.content(PRODUCTION, this.path(line.name)))).toBe(line.sha256);
    }
    for (const known of NAMES) {
      const object = await world.get(PRODUCTION, this.path(known));
      const before = this.generations.get(known);
      if (before !== undefined) expect(object?.generation).toBe(before);
      if (object === undefined) continue;
      this.model.production.set(known, await world.content(PRODUCTION, this.path(known)));
      this.generations.set(known, object.generation);
    }
  }

  private async promoteThroughFaults({ lines, fault, seed }: Faulty): Promise<void> {
    for (const method of ["GET", "POST"]) await world.fault(/./, method, fault, { probability: 0.3, seed });
    const plan = await promote(this.request(lines), this.options());
    await world.clearFaults();
    this.expectTruthOrFailure(plan, lines);
  }

  /** A line may fail for lack of luck; if it claims anything else, that is what holds. */
  private expectTruthOrFailure(plan: PromotionPlan, lines: readonly Line[]): void {
    expect(plan.outcomes).toHaveLength(lines.length);
    for (const [index, { outcome }] of plan.outcomes.entries()) {
      if (outcome.status === "failed") continue;
      const wanted = expected(this.model, lines[index]!, lines);
      expect(wanted === "copied" ? ["copied", "published"] : [wanted]).toContain(status(outcome));
    }
  }

  /** Nothing changed in either bucket, except that wanted lines may have come into being with the right bytes. */
  private async expectBuckets(promoted: readonly Line[]): Promise<void> {
    for (const name of NAMES) {
      const object = await world.get(PRODUCTION, this.path(name));
      const before = this.model.production.get(name);
      if (object === undefined) {
        expect(before).toBeUndefined();
        continue;
      }
      const content = await world.content(PRODUCTION, this.path(name));
      if (before === undefined) {
        const made = promoted.filter(([wanted, bytes]) => wanted === name && bytes === content);
        expect(made.map((line) => expected(this.model, line, promoted))).toContain("copied");
        expect(object.metadata.sha256).toBe(sha256(content));
      } else {
        expect(sha256(content)).toBe(sha256(before));
        expect(this.generations.get(name) ?? object.generation).toBe(object.generation);
      }
    }
    for (const name of NAMES) {
      const object = await world.get(PRODUCTION, this.path(name));
      if (object === undefined) continue;
      this.model.production.set(name, await world.content(PRODUCTION, this.path(name)));
      this.generations.set(name, object.generation);
    }
    for (const [name, content] of this.model.staging) {
      expect(sha256(await world.content(STAGING, this.path(name)))).toBe(sha256(content));
    }
  }

  private path(name: string): string {
    return `${this.folder}/${name}`;
  }

  private request(lines: readonly Line[]): PromotionRequest {
    const directory = filestores(
      `gs://${STAGING}/${this.folder}`,
      filestore(`gs://${PRODUCTION}/${this.folder}`, { serviceAccount: PROMOTER }),
    );
    const file = "manifests/k8s-staging-kops/1.36.2.yaml";
    const at = { file, line: 1, column: 1 };
    return request(directory, {
      directory: "k8s-staging-kops",
      file,
      lines: lines.map(([name, content]) => ({ name, sha256: sha256(content), at })),
    });
  }

  private options(): PromotionOptions {
    return { identity: "accounts", allowedServiceAccounts: [PROMOTER], connect: world.connect, retry: hasty };
  }
}

test("whatever happens in whatever order, no published byte changes and no line lies", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 14 }), async (actions) => {
      runs += 1;
      const session = new Session(`run-${runs}`);
      await world.clearFaults();
      for (const action of actions) await session.perform(action);
    }),
    { numRuns: Number(process.env.MODEL_RUNS ?? 25), endOnFailure: false },
  );
}, 240_000);
