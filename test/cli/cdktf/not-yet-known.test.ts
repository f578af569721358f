import { isNotYetKnown } from "../../../lib/cli/cdktf/not-yet-known";

/** As terraform frames it. */
const framed = (summary: string, detail = "") =>
  `\u001b[31m╷\u001b[0m\n│ \u001b[1mError: \u001b[0m${summary}\n│ \n│   with google_x.y,\n│ ${detail}\n╵\n`;

const bucket = 'Error applying IAM policy for storage bucket "b/kiln": Error setting IAM policy for storage bucket';
const group = framed(`${bucket} "b/kiln": googleapi: Error 400: Group kiln@example.org does not exist., invalid`);
const taken = framed("Error creating Bucket: googleapi: Error 409: Your previous request to create the named bucket");

test.each([
  ["a group", group],
  [
    "an account in a policy",
    framed("googleapi: Error 400: Service account gcb@kiln.iam.gserviceaccount.com does not exist., badRequest"),
  ],
  ["an account", framed("googleapi: Error 404: Unknown service account, notFound")],
  [
    "an API",
    framed(
      "Error creating Contact: googleapi: Error 403: Essential Contacts API has not been used in project 123 before or it is disabled. Enable it",
    ),
  ],
  [
    "an API in the wrapped detail",
    framed(
      "Failed",
      "googleapi: Error 403: Artifact Registry API has not been\n│ used in project 123 before or it is disabled.",
    ),
  ],
  [
    "the billing of a project",
    framed(
      "googleapi: Error 403: The billing account for the owning project is disabled in state absent, accountDisabled",
    ),
  ],
  ["two of them", group + group],
])("%s that was made a moment ago may be known later", (_, said) => {
  expect(isNotYetKnown(said)).toBe(true);
});

test.each([
  ["nothing", ""],
  ["another error", taken],
  ["another error beside", group + taken],
  ["a lack of rights", framed("googleapi: Error 403: The caller does not have permission, forbidden")],
  ["a warning of the same", group.replace("Error: ", "Warning: ")],
])("%s does not pass with time", (_, said) => {
  expect(isNotYetKnown(said)).toBe(false);
});
