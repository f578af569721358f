import fc from "fast-check";
import { FakeGoogleGroups, type Fault } from "../../bench/groups/fake-google-groups";
import { applyGroups } from "../../lib/groups/apply-groups";
import { type DesiredGroup, desiredRoles } from "../../lib/groups/desired-group";
import { reviewGroups } from "../../lib/groups/review-groups";
import { groupSettings } from "../../lib/model/group-settings";
import type { GroupRole } from "../../lib/model/groups";
import { sessionOn } from "./fixtures";

const people = ["ann", "bea", "cat", "dot"]
  .map((name) => `${name}@example.org`)
  .concat("kim@example.com", "Lou@Example.com");
const emails = ["one@example.org", "two@example.org", "three@example.org"];
const aliases = ["uno@example.org", "due@example.org"];

// A group may be a member of another one that comes before it.
const address = fc.constantFrom(...people, "three@example.org");
const role = fc.constantFrom<GroupRole>("OWNER", "MANAGER", "MEMBER");
const roles = fc.dictionary(address, role);
const settings = fc
  .subarray(groupSettings.filter(({ values }) => values !== undefined).slice(0, 12))
  .chain((some) =>
    fc.record(Object.fromEntries(some.map(({ key, values = [] }) => [key, fc.constantFrom(...values)]))),
  );

/** Any valid declaration of one group; roles come as a map, so that nobody is listed twice. */
const declaration = (email: string): fc.Arbitrary<DesiredGroup> =>
  fc
    .record({
      roles,
      settings,
      reconcileMembers: fc.boolean(),
      name: fc.constantFrom("One", "two"),
      hasAlias: fc.boolean(),
    })
    .map(({ roles: all, hasAlias, ...rest }) => {
      const holding = (wanted: GroupRole) => Object.keys(all).filter((each) => all[each] === wanted);
      const own = aliases[emails.indexOf(email)];
      return {
        email,
        ...rest,
        owners: holding("OWNER"),
        managers: holding("MANAGER"),
        members: holding("MEMBER"),
        ...(own !== undefined && { aliases: hasAlias ? [own] : [] }),
      };
    });

const declarations = fc.tuple(...emails.map(declaration));

/** Any state: what a person or another tool may have left. */
const state = fc.tuple(
  ...emails.map(() => fc.option(fc.record({ roles, settings, everyone: fc.boolean() }), { nil: undefined })),
);

type States = typeof state extends fc.Arbitrary<infer Value> ? Value : never;

const fault = fc.constantFrom<Fault | undefined>(
  undefined,
  undefined,
  undefined,
  { status: 503 },
  { status: 429 },
  { status: 500, afterEffect: true },
  {},
  { afterEffect: true },
  { status: 404 },
  { status: 409 },
  { status: 412 },
  { status: 400 },
);

function google(states: States): FakeGoogleGroups {
  const fake = new FakeGoogleGroups({ domain: "example.org", pageSize: 2 });
  for (const each of people) fake.accounts.set(each.toLowerCase(), each.toLowerCase());
  states.forEach((found, index) => {
    if (found === undefined) return;
    fake.seed(emails[index]!, { ...found.roles, ...(found.everyone ? { C03abc: "MEMBER" } : {}) }, found.settings);
  });
  return fake;
}

async function expectSettled(fake: FakeGoogleGroups, wanted: readonly DesiredGroup[]): Promise<void> {
  for (const review of await reviewGroups(sessionOn(fake), wanted)) expect(review).toMatchObject({ steps: [] });
  for (const group of wanted) {
    const found = fake.roles(group.email);
    const declared = Object.fromEntries(desiredRoles(group));
    const lower = Object.fromEntries(Object.entries(found).map(([each, held]) => [each.toLowerCase(), held]));
    expect(lower).toMatchObject(declared);
    const extra = Object.entries(lower).filter(([each]) => !(each in declared));
    // The reference rule, told a second time: who is not listed may at most be a plain member of an unreconciled group.
    expect(extra.every(([, held]) => !group.reconcileMembers && held === "MEMBER")).toBe(true);
    expect(fake.groups.get(group.email)?.settings).toMatchObject(group.settings);
  }
}

/** Without reconciling, nobody goes who was no more than a member. */
function expectPlainMembersKept(fake: FakeGoogleGroups, before: States, wanted: readonly DesiredGroup[]): void {
  for (const [index, { email, reconcileMembers }] of wanted.entries()) {
    if (reconcileMembers) continue;
    const found = fake.roles(email);
    for (const [each, held] of Object.entries(before[index]?.roles ?? {}))
      if (held === "MEMBER") expect(found).toHaveProperty([each]);
  }
}

test("any valid declaration converges from any state, and a second review is empty", async () => {
  await fc.assert(
    fc.asyncProperty(state, declarations, async (before, wanted) => {
      const fake = google(before);
      const results = await applyGroups(sessionOn(fake), wanted);
      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      await expectSettled(fake, wanted);
      expectPlainMembersKept(fake, before, wanted);
      expect((await applyGroups(sessionOn(fake), wanted)).every(({ outcome }) => outcome === "unchanged")).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("after a run with any faults, killed at any call, the next run converges", async () => {
  await fc.assert(
    fc.asyncProperty(
      state,
      declarations,
      declarations,
      fc.array(fault, { maxLength: 60 }),
      fc.nat(80),
      async (before, first, second, faults, killAt) => {
        const fake = google(before);
        const stop = new AbortController();
        let count = 0;
        fake.configure({
          fault: () => {
            // Killed: nothing that this process still tries has any effect.
            if (count >= killAt) stop.abort();
            return stop.signal.aborted ? { status: 400 } : faults[count++];
          },
        });
        await applyGroups(sessionOn(fake, undefined, stop.signal), first);
        fake.configure({ fault: () => undefined });
        const results = await applyGroups(sessionOn(fake), second);
        expect(results.flatMap(({ failures }) => failures)).toEqual([]);
        await expectSettled(fake, second);
      },
    ),
    { numRuns: 150 },
  );
});

test("two runs at once, interleaved in any way, converge", async () => {
  await fc.assert(
    fc.asyncProperty(state, declarations, fc.scheduler(), async (before, wanted, scheduler) => {
      const fake = google(before);
      fake.configure({ latency: () => scheduler.schedule(Promise.resolve()) });
      const runs = Promise.all([applyGroups(sessionOn(fake), wanted), applyGroups(sessionOn(fake), wanted)]);
      await scheduler.waitFor(runs);
      fake.configure({ latency: async () => undefined });
      expect((await runs).flat().flatMap(({ failures }) => failures)).toEqual([]);
      await expectSettled(fake, wanted);
    }),
    { numRuns: 60 },
  );
});

/** Accounts that Google neither adds nor changes in this run. */
const refused = fc
  .subarray(people)
  .map((some) => new Set(some.map((each) => each.toLowerCase()).flatMap((each) => [each, `id-${each}`])));

test("whatever fails, nobody who is declared is out of a group for a moment, and no group loses all its owners", async () => {
  await fc.assert(
    fc.asyncProperty(
      state,
      declarations,
      refused,
      fc.array(fault, { maxLength: 60 }),
      async (before, wanted, out, faults) => {
        const fake = google(before);
        const roles = wanted.map(desiredRoles);
        const kept = wanted.map(({ email }, index) =>
          Object.keys(before[index] === undefined ? {} : fake.roles(email)).filter((each) =>
            roles[index]?.has(each.toLowerCase()),
          ),
        );
        const owned = wanted.filter(
          ({ owners }, index) => owners.length > 0 && Object.values(before[index]?.roles ?? {}).includes("OWNER"),
        );
        // The engine would take what is thrown here for the failure of a call.
        const losses: string[] = [];
        const look = () => {
          for (const [index, { email }] of wanted.entries()) {
            const missing = (kept[index] ?? []).filter((each) => !(each in fake.roles(email)));
            losses.push(...missing.map((each) => `${each} in ${email}`));
          }
          for (const { email } of owned)
            if (!Object.values(fake.roles(email)).includes("OWNER")) losses.push(`owners of ${email}`);
        };
        const isRefused = (call: string, subject: string) =>
          /members\.(insert|patch)/.test(call) && out.has(subject.toLowerCase());
        fake.configure({
          latency: async () => look(),
          fault: (call, subject) => (isRefused(call, subject) ? { status: 400 } : faults.shift()),
        });
        await applyGroups(sessionOn(fake), wanted);
        look();
        expect(losses).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
