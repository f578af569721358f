import { resourceAddress } from "../../lib/model/planned-resources";
import { stagingRecipe } from "../../lib/model/staging-recipe";
import { stagingResources } from "../../lib/model/staging-resources";
import { sampleEstate, sampleProject } from "./sample-estate";
import { addresses, synthesize } from "./synth";

const services = ["cloudbuild.googleapis.com", "compute.googleapis.com", "storage-api.googleapis.com"];
const project = sampleProject("lathe", { services });
const estate = sampleEstate({ staging: [project] });
const stack = synthesize(estate).stacks["staging-lathe"]!;

test("an API that brings default service accounts has them deprivileged whenever it is enabled", () => {
  const made = stack.resource.google_project_default_service_accounts ?? {};

  expect(Object.keys(made).sort()).toEqual(["default", "default__compute"]);
  expect(made.default__compute).toMatchObject({
    action: "DEPRIVILEGE",
    restore_policy: "NONE",
    depends_on: ["google_project_service.compute", "google_project_default_service_accounts.default"],
  });
  expect(stack.resource.google_storage_bucket?.staging?.depends_on).toContain(
    "google_project_default_service_accounts.default__compute",
  );
});

test("several such APIs are seen to one after another: each writes the project's policy", () => {
  const services = ["compute.googleapis.com", "container.googleapis.com", "run.googleapis.com"];
  const estate = sampleEstate({ staging: [sampleProject("lathe", { services })] });
  const made = synthesize(estate).stacks["staging-lathe"]!.resource.google_project_default_service_accounts!;

  const before = new Map(Object.entries(made).map(([key, { depends_on }]) => [key, (depends_on as string[]).at(-1)]));
  expect(before.get("default__compute")).toBe("google_project_default_service_accounts.default");
  expect(before.get("default__container")).toBe("google_project_default_service_accounts.default__compute");
  expect(before.get("default__run")).toBe("google_project_default_service_accounts.default__container");
});

test("that is listed among the project's resources", () => {
  const listed = stagingResources(stagingRecipe(project, estate)).map(resourceAddress);

  expect([...listed].sort()).toEqual(addresses(stack));
});
