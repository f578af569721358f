import fc from "fast-check";
import type { Estate } from "../../lib/model/estate";
import { resourceAddress } from "../../lib/model/planned-resources";
import { servingRecipe } from "../../lib/model/serving-recipe";
import { servingResources } from "../../lib/model/serving-resources";
import { stagingRecipe } from "../../lib/model/staging-recipe";
import { stagingResources } from "../../lib/model/staging-resources";
import {
  sampleDefaults,
  sampleDirectory,
  sampleEstate,
  sampleFilestore,
  sampleGroup,
  sampleManifest,
  sampleProject,
} from "./sample-estate";
import { addresses, synthesize } from "./synth";

const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const address = fc.tuple(fc.constantFrom("user", "group"), word, word).map(([kind, a, b]) => `${kind}:${a}@${b}.org`);
const few = <T>(item: fc.Arbitrary<T>) => fc.uniqueArray(item, { maxLength: 3 });

const project = fc
  .record({
    name: word,
    viewers: few(address),
    writers: few(address),
    services: few(word.map((name) => `${name}.googleapis.com`)),
    contacts: few(word.map((name) => `${name}@example.org`)),
    isRelease: fc.boolean(),
    iam: few(fc.constantFrom("roles/viewer", "roles/pubsub.viewer", "organizations/12/roles/x.y")).chain((roles) =>
      fc.tuple(...roles.map((role) => few(address).map((members) => ({ role, members })))),
    ),
    registry: fc.option(
      word.map((repository) => ({ repository, location: "us", format: "DOCKER" })),
      { nil: undefined },
    ),
    budget: fc.option(fc.constant({ amount: 10, alertAt: [1] }), { nil: undefined }),
  })
  .map(({ name, registry, budget, ...more }) =>
    sampleProject(name, { ...more, ...(registry && { registry }), ...(budget && { budget }) }),
  );

const estate: fc.Arbitrary<Estate> = fc
  .record({
    staging: fc.uniqueArray(project, { maxLength: 4, selector: ({ name }) => name }),
    names: fc.uniqueArray(word, { maxLength: 4 }),
    releases: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._-]{1,8}$/), { maxLength: 4 }),
  })
  .map(({ staging, names, releases }) =>
    sampleEstate({
      staging,
      groups: names.map((name) => sampleGroup(`${name}@example.org`)),
      filestores: staging.map(({ name }) =>
        sampleDirectory(name, [sampleFilestore(`gs://prod/${name}/`), sampleFilestore(`s3://mirror/${name}`)]),
      ),
      manifests: staging.flatMap(({ name }) => releases.map((release) => sampleManifest(name, release, {}))),
    }),
  );

/** `stack address` of every resource of an estate. */
function everything(inputs: Estate): readonly string[] {
  const { stacks } = synthesize(inputs);
  return Object.entries(stacks)
    .flatMap(([name, stack]) => addresses(stack).map((each) => `${name} ${each}`))
    .sort();
}

/** The same entries in another order, in every list. */
function reordered(inputs: Estate): Estate {
  return {
    ...inputs,
    staging: [...inputs.staging].reverse().map((each) => ({
      ...each,
      viewers: [...each.viewers].reverse(),
      services: [...each.services].reverse(),
      contacts: [...each.contacts].reverse(),
      iam: [...each.iam].reverse().map(({ role, members }) => ({ role, members: [...members].reverse() })),
    })),
    groups: [...inputs.groups].reverse(),
    filestores: [...inputs.filestores].reverse(),
    manifests: [...inputs.manifests].reverse(),
  };
}

test("reordering entries moves no address", () => {
  fc.assert(
    fc.property(estate, (inputs) => {
      expect(everything(reordered(inputs))).toEqual(everything(inputs));
    }),
    { numRuns: 12 },
  );
});

test("adding an entry keeps every address there was", () => {
  fc.assert(
    fc.property(estate, (inputs) => {
      const before = everything(inputs);
      const more = everything({
        ...inputs,
        staging: [sampleProject("added-later"), ...inputs.staging],
        groups: [sampleGroup("added-later@example.org"), ...inputs.groups],
        manifests: [...inputs.staging.map(({ name }) => sampleManifest(name, "added-later", {})), ...inputs.manifests],
      });
      expect(more).toEqual(expect.arrayContaining([...before]));
    }),
    { numRuns: 12 },
  );
});

test("Terraform accepts every name, and each names one thing", () => {
  fc.assert(
    fc.property(estate, (inputs) => {
      const all = everything(inputs);
      expect(new Set(all).size).toBe(all.length);
      for (const each of all) expect(each).toMatch(/ [a-z_]+\.[A-Za-z_][A-Za-z0-9_-]*$/);
    }),
    { numRuns: 12 },
  );
});

test("the list of resources that commands print is the list that is synthesized", () => {
  fc.assert(
    fc.property(estate, (inputs) => {
      const { stacks } = synthesize(inputs);
      for (const each of inputs.staging) {
        const listed = stagingResources(stagingRecipe(each, inputs)).map(resourceAddress);
        expect([...listed].sort()).toEqual(addresses(stacks[`staging-${each.name}`]!));
      }
    }),
    { numRuns: 12 },
  );
});

test("the list of the serving stack's resources is the list that is synthesized", () => {
  const bare = sampleDefaults.serving;
  const whole = {
    ...bare,
    backupBucket: "oss-backup",
    backupProjectId: "oss-prod-bak",
    federatedRepositories: ["example/artifacts"],
    cdnDomains: ["artifacts.example.org", "dl.example.org"],
  };
  const handed = { ...whole, existing: ["project", "logs-bucket", "backup-project", "index-page"] as const };
  const given = { ...whole, existing: ["backup-bucket"] as const };
  for (const serving of [bare, whole, handed, given, { ...whole, backupProjectId: bare.projectId }]) {
    const defaults = { ...sampleDefaults, serving };
    const listed = servingResources(servingRecipe(defaults)).map(resourceAddress);
    expect([...listed].sort()).toEqual(addresses(synthesize(sampleEstate({ defaults })).stacks.serving!));
  }
});

test("two things that would share an address are refused, not merged", () => {
  const manifests = [
    sampleManifest("lathe", "1.0", {}),
    { ...sampleManifest("lathe", "1.0", {}), file: "manifests/x/1.0.yml" },
  ];

  expect(() => synthesize(sampleEstate({ manifests }))).toThrow(/There is already a Construct with name '_1_0__to/);
});
