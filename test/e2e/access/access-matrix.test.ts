import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EstateRun } from "../stacks/estate-run";
import { accessPage, type Matrix } from "./access-page";
import { type Outcome, OWNER, operations, tryOperation } from "./operations";
import { accessEstate, PRODUCTION_OWNER, pathOf, places, principals, stacks, tokenAt } from "./principals";

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
  const byPlace = new Map<string, Map<string, Map<string, Outcome>>>();
  let count = 0;
  for (const place of places) {
    const byPrincipal = new Map<string, Map<string, Outcome>>();
    byPlace.set(pathOf(place), byPrincipal);
    for (const principal of principals) {
      const outcomes = new Map<string, Outcome>();
      byPrincipal.set(principal.who, outcomes);
      const token = tokenAt(principal, place);
      for (const operation of operations) {
        count += 1;
        outcomes.set(operation.title, await tryOperation(run, operation, place, `object-${count}`, token));
      }
    }
  }
  return byPlace;
}

/** Who was able to do something in a bucket or in a folder of one. */
function able(path: string, operation: string): readonly string[] {
  return principals.map(({ who }) => who).filter((who) => matrix.get(path)?.get(who)?.get(operation) === "yes");
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
  const staging = ["oss-staging-lathe", "oss-staging-quiet", "oss-staging-pool/open/", "oss-staging-pool/closed/"];
  for (const path of staging) expect(able(path, "add")).toContain("account that builds run as");
  for (const bucket of ["oss-artifacts", "oss-backup"])
    expect(able(bucket, "add")).not.toContain("account that builds run as");
  for (const place of places)
    expect(able(pathOf(place), "add")).not.toContain("account that another project's builds run as");
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
    "account that builds run as",
    "promoter",
    "planner",
  ]);
});

test("in a private bucket that is shared, the folder of a public guest is public and no other, and no team opens its own", () => {
  expect(able("oss-staging-pool/open/", "list")).toContain("anybody, without credentials");
  expect(able("oss-staging-pool/open/", "read")).toContain("anybody, without credentials");
  for (const who of ["anybody, without credentials", "member of another project's group"])
    expect(able("oss-staging-pool/closed/", "read")).not.toContain(who);
  for (const path of ["oss-staging-pool/open/", "oss-staging-pool/closed/"])
    expect(able(path, "write the policy")).toEqual(["administrator"]);
});

test("a retired project's bucket is closed to everybody but administrators", () => {
  for (const { title } of operations) {
    expect(able("oss-staging-gone", title)).toEqual(["administrator"]);
  }
});

test("the planner changes nothing anywhere", () => {
  for (const place of places) {
    for (const change of ["add", "replace", "delete", "change settings", "write the policy"]) {
      expect(able(pathOf(place), change)).not.toContain("planner");
    }
  }
});

test("docs/access.md says what happened", () => {
  const page = accessPage(matrix);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, "utf8")).toBe(page);
});
