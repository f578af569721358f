import { hintFor } from "../../../lib/cli/cdktf/hints";

const stacks = ["groups", "staging-kiln"];

test.each([
  ["deploy", "Error: Error creating Bucket: googleapi: Error 409: Your previous request", "--recover"],
  ["apply", "Error: project oss-staging-kiln already exists", "--recover"],
  ["deploy --recover", "Error: googleapi: Error 409: Requested entity already exists", "gcloud projects undelete"],
  ["deploy", "Error 400: A lien to prevent deletion was placed on the project by [byhand].", "liens delete NAME"],
  ["destroy", "Error: Instance cannot be destroyed", "retire it"],
  ["plan", "google_storage_bucket.backup has lifecycle.prevent_destroy set", '"existing" in defaults.yaml'],
  ["deploy", 'Error: Extraneous JSON object property. No argument is named "removed"', "Terraform 1.7"],
  [
    "destroy",
    "Error: Error trying to delete bucket b containing objects without `force_destroy` set to true",
    "retire it",
  ],
  ["destroy", "Error: Cannot destroy project as deletion_policy is set to PREVENT.", "retire it"],
  ["plan", "Usage Error: Could not find stack: stagin-kiln", 'Did you mean "staging-kiln"?'],
  ["deploy", "Usage Error: Could not find stack for pattern 'nope*'", "The stacks are groups, staging-kiln"],
])("%s that fails with %j is given a hint", (verb, said, hint) => {
  expect(hintFor(verb, said, () => stacks)).toContain(hint);
});

test.each([
  ["deploy", "Error: googleapi: Error 403: The caller does not have permission"],
  ["destroy", "The following dependant stacks are not included in the stacks to run: serving"],
  ["plan", "Error: Error 409"],
  ["deploy", "Error: v1.409.0.yaml:2:5: v1.409.0/tool: the source has another sha256 than the manifest"],
  [
    "destroy",
    '- deletion_policy = "PREVENT" -> null\n- force_destroy = false -> null\nError: googleapi: Error 400: busy',
  ],
])("%s that fails with %j is given none", (verb, said) => {
  expect(hintFor(verb, said, () => stacks)).toBeUndefined();
});
