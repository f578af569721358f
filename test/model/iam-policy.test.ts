import fc from "fast-check";
import { canonicalPrincipal, mergeGrants, policyData, projectGrantsOnBucket } from "../../lib/model/iam-policy";

test("a policy is written as the provider keeps it: roles sorted, members sorted, each once, addresses in lower case", () => {
  const data = policyData([
    { role: "roles/b", members: ["user:Zoe@Example.org", "allUsers"] },
    { role: "roles/a", members: ["group:x@example.org"] },
    { role: "roles/b", members: ["user:zoe@example.org", "group:a@example.org"] },
    { role: "roles/empty", members: [] },
  ]);

  expect(data).toBe(
    '{"bindings":[{"members":["group:x@example.org"],"role":"roles/a"},{"members":["allUsers","group:a@example.org","user:zoe@example.org"],"role":"roles/b"}]}',
  );
});

test("the kind of a principal and the names of workloads keep their case", () => {
  expect(canonicalPrincipal("serviceAccount:A@P.iam.gserviceaccount.com")).toBe(
    "serviceAccount:a@p.iam.gserviceaccount.com",
  );
  const workload =
    "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.repository/Owner/Name";
  expect(canonicalPrincipal(workload)).toBe(workload);
  expect(canonicalPrincipal(`deleted:${workload}?uid=9`)).toBe(`deleted:${workload}?uid=9`);
  expect(canonicalPrincipal("deleted:serviceAccount:A@p.iam.gserviceaccount.com?uid=9")).toBe(
    "deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=9",
  );
});

test("the order in which grants are given does not matter", () => {
  const grant = fc.record({
    role: fc.constantFrom("roles/a", "roles/b", "roles/c"),
    members: fc.array(fc.constantFrom("allUsers", "user:a@b.org", "group:g@b.org")),
  });
  fc.assert(
    fc.property(fc.array(grant), (grants) => {
      expect(mergeGrants([...grants].reverse())).toEqual(mergeGrants(grants));
      expect(mergeGrants(mergeGrants(grants))).toEqual(mergeGrants(grants));
    }),
  );
});

test("a bucket's policy repeats what Cloud Storage grants to the project itself", () => {
  expect(projectGrantsOnBucket("p").flatMap(({ members }) => members)).toEqual([
    "projectEditor:p",
    "projectOwner:p",
    "projectViewer:p",
  ]);
});
