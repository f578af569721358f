import { addMember, removeMember, replaceBinding } from "../../sandbox/google/iam/merge";
import { normalized, type Policy, policyData } from "../../sandbox/google/iam/policy";

const policy: Policy = {
  etag: "e",
  bindings: [
    { role: "roles/viewer", members: ["user:b@example.org", "user:a@example.org"] },
    { role: "roles/viewer", members: ["user:c@example.org"], condition: { title: "until", expression: "x < y" } },
  ],
};

describe("an IAM policy", () => {
  test("gets a member in the binding of the role and the condition, and keeps the others", () => {
    const grant = { role: "roles/viewer", member: "user:c@example.org" };
    expect(addMember(policy, grant)).toEqual({
      etag: "e",
      bindings: [
        { role: "roles/viewer", members: ["user:c@example.org"], condition: { title: "until", expression: "x < y" } },
        { role: "roles/viewer", members: ["user:a@example.org", "user:b@example.org", "user:c@example.org"] },
      ],
    });
  });

  test("loses a member of one condition only, whatever the case of the address", () => {
    const grant = {
      role: "roles/viewer",
      member: "user:C@example.org",
      condition: { title: "until", expression: "x < y" },
    };
    expect(removeMember(policy, grant).bindings).toEqual([
      { role: "roles/viewer", members: ["user:a@example.org", "user:b@example.org"] },
    ]);
  });

  test("has one role replaced", () => {
    expect(replaceBinding(policy, { role: "roles/viewer", members: ["allUsers"] }).bindings).toHaveLength(2);
    expect(replaceBinding(policy, { role: "roles/viewer", members: [] }).bindings).toHaveLength(1);
  });

  test("is the same text however it is ordered, without etag and version", () => {
    const shuffled: Policy = { version: 3, bindings: [...(policy.bindings ?? [])].reverse() };
    expect(policyData(shuffled)).toBe(policyData(policy));
    expect(JSON.parse(policyData(policy))).not.toHaveProperty("etag");
  });

  test("has members in lower case but for those whose case counts", () => {
    const members = ["user:Ann@Example.org", "allUsers", "principalSet://iam.googleapis.com/Pool/x"];
    expect(normalized([{ role: "r", members }])[0]?.members).toEqual([
      "allUsers",
      "principalSet://iam.googleapis.com/Pool/x",
      "user:ann@example.org",
    ]);
  });
});
