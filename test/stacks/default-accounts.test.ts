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

test("that is listed among the project's resources", () => {
  const listed = stagingResources(stagingRecipe(project, estate)).map(resourceAddress);

  expect([...listed].sort()).toEqual(addresses(stack));
});
