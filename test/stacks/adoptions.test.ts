import { sampleEstate, sampleProject } from "./sample-estate";
import { synthesize } from "./synth";

const registry = { repository: "lathe", location: "us", format: "DOCKER" };
const imports = {
  "google_project.project": "oss-staging-lathe",
  "google_artifact_registry_repository.lathe": "projects/oss-staging-lathe/locations/us/repositories/lathe",
};
const at = { file: "infra/gcp/adopt/staging-lathe.yaml", line: 1, column: 1 };

function imported(more: object): unknown {
  const staging = [sampleProject("lathe", more)];
  const { stacks } = synthesize(sampleEstate({ staging, adoptions: [{ stack: "staging-lathe", imports, at }] }));
  return (stacks["staging-lathe"] as { import?: readonly { to: string }[] }).import?.map(({ to }) => to);
}

test("what was adopted is taken over", () => {
  expect(imported({ registry })).toEqual(Object.keys(imports));
});

test("what was adopted and is not declared any more does not stand in the way of the next plan", () => {
  expect(imported({})).toEqual(["google_project.project"]);
  expect(imported({ retired: { since: "2026-05-01", keepPublished: true, step: "shut-down" } })).toBeUndefined();
});
