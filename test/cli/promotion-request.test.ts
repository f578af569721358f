import { join } from "node:path";
import { requestFor } from "../../lib/cli/promotion-request";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { FIXTURES } from "../config/support/overlaid-inputs";

test("buckets of staging projects are those that others push to, whoever manages the project", () => {
  const { draft } = loadEstate(layoutFrom(join(FIXTURES, "base")));
  const [theirs] = draft.projects.filter(({ projectId }) => projectId === "oss-staging-bellows");
  const bellows = theirs as NonNullable<typeof theirs>;
  const named = { ...bellows, bucket: "bellows-bucket", gcbBucket: "bellows-builds" };
  const projects = [...draft.projects, named];
  const { directories } = requestFor({ ...draft, projects });

  expect(directories.map(({ filestores }) => filestores.name)).toEqual(["oss-staging-anvil"]);
  expect([...(directories[0]?.pushedTo ?? [])]).toEqual([
    ...["oss-staging-anvil", "oss-staging-anvil-gcb"],
    ...["oss-staging-bellows", "oss-staging-bellows-gcb"],
    ...["bellows-bucket", "bellows-builds"],
  ]);
});
