import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { layoutFrom } from "../../../lib/config/layout";
import { loadEstate } from "../../../lib/config/load";
import type { Estate } from "../../../lib/model/estate";
import { type Drift, drifts, makeDrift } from "./convergence-drift";
import { type Revision, revisions, writeRevision } from "./convergence-inputs";
import { LiveEstate } from "./convergence-live";
import { ConvergenceRoot, type Interruption } from "./convergence-root";

// More of it: CONVERGENCE_SEED=$RANDOM CONVERGENCE_RUNS=20 npx jest test/e2e/stacks/convergence
const SEED = Number(process.env.CONVERGENCE_SEED ?? 20260501);
const RUNS = Number(process.env.CONVERGENCE_RUNS ?? 1);

jest.setTimeout(60_000 + 240_000 * RUNS);

/** What comes between one revision and the next. */
interface Between {
  readonly interruption: Interruption | undefined;
  readonly drift: readonly Drift[];
}

const interruption: fc.Arbitrary<Interruption> = fc.record({
  how: fc.constantFrom("refused", "busy", "lost", "killed"),
  method: fc.constantFrom("POST", "PATCH", "PUT", "DELETE"),
  skip: fc.nat(25),
});

const between: fc.Arbitrary<Between> = fc.record({
  interruption: fc.option(interruption, { nil: undefined }),
  drift: drifts,
});

const history = fc.record({
  revisions: revisions(4),
  between: fc.tuple(between, between, between, between),
});

function load(root: ConvergenceRoot): Estate {
  const { estate, diagnostics } = loadEstate(layoutFrom(root.inputs));
  if (estate === undefined) throw new Error(`not valid: ${JSON.stringify(diagnostics)}`);
  return estate;
}

/** Applies until it is done, as a person would: what exists already, because an answer was lost, is adopted. */
async function converge(root: ConvergenceRoot): Promise<Estate> {
  let estate = load(root);
  await root.declare(estate);
  let { code, output } = await root.apply();
  const conflicts = [...output.matchAll(/Error 409: [\s\S]*?with module\.staging-(\w+)\./g)].map(
    ([, name = ""]) => name,
  );
  if (code !== 0 && conflicts.length > 0) {
    for (const name of new Set(conflicts)) await adopt(root, name);
    estate = load(root);
    await root.declare(estate);
    ({ code, output } = await root.apply());
  }
  if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
  // As the adoption file itself asks for: what it names is taken over now.
  rmSync(join(root.inputs, "infra/gcp/adopt"), { recursive: true, force: true });
  return estate;
}

async function adopt(root: ConvergenceRoot, name: string): Promise<void> {
  const program = join(__dirname, "../../../bin/artifacts.cjs");
  const { code, output } = await root.run.run(process.execPath, [program, "adopt", name, "--root", root.inputs]);
  if (code !== 0) throw new Error(output);
}

async function expectSettled(root: ConvergenceRoot, estate: Estate): Promise<void> {
  const live = new LiveEstate(root.run);
  expect(await live.found(estate)).toEqual(live.declared(estate));
  const { code, output } = await root.plan();
  if (code !== 0) throw new Error(`the second plan is not empty:\n${output}`);
}

async function live(root: ConvergenceRoot, all: readonly Revision[], story: readonly Between[]): Promise<void> {
  for (const [index, revision] of all.entries()) {
    const { interruption: broken, drift = [] } = story[index] ?? {};
    writeRevision(root.inputs, revision);
    if (broken !== undefined) {
      await root.declare(load(root));
      await root.interruptedApply(broken);
    }
    await expectSettled(root, await converge(root));
    for (const each of drift) await makeDrift(new LiveEstate(root.run), each);
  }
  await expectSettled(root, await converge(root));
}

test(`any estate converges from any reachable state, and a second plan is empty (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ revisions: all, between: story }) => {
      const root = await ConvergenceRoot.start();
      try {
        await live(root, all, story);
      } finally {
        await root.run.close();
      }
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  );
});
