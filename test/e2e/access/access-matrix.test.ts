import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EstateRun } from "../stacks/estate-run";
import { accessPage, type Matrix } from "./access-page";
import { type Outcome, OWNER, operations, tryOperation } from "./operations";
import { accessEstate, buckets, PRODUCTION_OWNER, principals, stacks } from "./principals";

const PAGE = join(__dirname, "..", "..", "..", "docs", "access.md");

let run: EstateRun;
let matrix: Matrix;

beforeAll(async () => {
  run = await EstateRun.start();
  run.synthesize(accessEstate());
  for (const stack of stacks) await run.applied(stack);
  await giveProductionAway();
  matrix = await tryEverything();
}, 180_000);

afterAll(async () => run?.close());

/** Rights that nobody declared, on the production project and on nothing else. */
async function giveProductionAway(): Promise<void> {
  const url = "/resource-manager/v1/projects/oss-prod";
  const read = await run.call("POST", `${url}:getIamPolicy`, OWNER, {});
  const policy = (await read.json()) as { readonly bindings?: readonly unknown[] };
  const bindings = [...(policy.bindings ?? []), { role: "roles/owner", members: [PRODUCTION_OWNER] }];
  await run.call("POST", `${url}:setIamPolicy`, OWNER, { policy: { ...policy, bindings } });
}

async function tryEverything(): Promise<Matrix> {
  const byBucket = new Map<string, Map<string, Map<string, Outcome>>>();
  let count = 0;
  for (const { bucket } of buckets) {
    const byPrincipal = new Map<string, Map<string, Outcome>>();
    byBucket.set(bucket, byPrincipal);
    for (const { who, token } of principals) {
      const outcomes = new Map<string, Outcome>();
      byPrincipal.set(who, outcomes);
      for (const operation of operations) {
        count += 1;
        outcomes.set(operation.title, await tryOperation(run, operation, bucket, `object-${count}`, token));
      }
    }
  }
  return byBucket;
}

/** Who was able to do something in a bucket. */
function able(bucket: string, operation: string): readonly string[] {
  return principals.map(({ who }) => who).filter((who) => matrix.get(bucket)?.get(who)?.get(operation) === "yes");
}

test("nobody replaces or deletes a published file, administrators included", () => {
  for (const bucket of ["oss-artifacts", "oss-backup"]) {
    expect(able(bucket, "replace")).toEqual([]);
    expect(able(bucket, "delete")).toEqual([]);
  }
});

test("only promoters and administrators publish, and who owns the project", () => {
  expect(able("oss-artifacts", "add")).toEqual(["administrator", "owner of the production project", "promoter"]);
});

test("who owns the production project can't reach its backup, and still can't change what is published", () => {
  for (const { title } of operations)
    expect(able("oss-backup", title)).not.toContain("owner of the production project");
  expect(able("oss-artifacts", "write the policy")).toContain("owner of the production project");
});

test("builds push to their own project only", () => {
  const builds = "account that builds run as";

  expect(able("oss-staging-lathe", "add")).toContain(builds);
  for (const bucket of ["oss-staging-quiet", "oss-artifacts", "oss-backup"])
    expect(able(bucket, "add")).not.toContain(builds);
});

test("a team pushes to its own staging bucket, its nested groups do, and other teams don't", () => {
  expect(able("oss-staging-lathe", "add")).toEqual([
    "member of the project's group",
    "member of a group in that group",
    "administrator",
    "build account",
    "account that builds run as",
  ]);
});

test("a private bucket is read by nobody who is not named", () => {
  expect(able("oss-staging-quiet", "read")).toEqual([
    "member of the project's group",
    "member of a group in that group",
    "administrator",
    "build account",
    "promoter",
    "planner",
  ]);
});

test("a retired project's bucket is closed to everybody but administrators", () => {
  for (const { title } of operations) {
    expect(able("oss-staging-gone", title)).toEqual(["administrator"]);
  }
});

test("the planner changes nothing anywhere", () => {
  for (const { bucket } of buckets) {
    for (const change of ["add", "replace", "delete", "change settings", "write the policy"]) {
      expect(able(bucket, change)).not.toContain("planner");
    }
  }
});

test("docs/access.md says what happened", () => {
  const page = accessPage(matrix);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, "utf8")).toBe(page);
});
