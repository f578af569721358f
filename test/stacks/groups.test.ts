import { sampleEstate, sampleGroup } from "./sample-estate";
import { addresses, synthesize } from "./synth";

function groups(...emails: readonly string[]) {
  const { stacks } = synthesize(sampleEstate({ groups: emails.map((email) => sampleGroup(email)) }));
  return stacks.groups!;
}

test("the groups become this", () => {
  expect(groups("oncall@example.org").resource).toMatchSnapshot();
});

test("groups of the estate's domain are named by their name alone, others by their domain as well", () => {
  expect(addresses(groups("oncall@example.org", "oncall@example.com", "a.b_c+d@example.org"))).toEqual([
    expect.stringMatching(/^artifacts_group\.a-b-c-d-[0-9a-f]{8}$/),
    "artifacts_group.oncall",
    "artifacts_group.oncall__example_com",
  ]);
});

test("settings that nobody declared hold as in the reconciler", () => {
  expect(groups("oncall@example.org").resource.artifacts_group?.oncall).toMatchObject({
    settings: { whoCanJoin: "INVITED_CAN_JOIN" },
  });
});

test("aliases are managed where something is said of them, if only that there are none", () => {
  const { stacks } = synthesize(
    sampleEstate({ groups: [sampleGroup("left@example.org"), sampleGroup("none@example.org", { aliases: [] })] }),
  );
  const { left, none } = stacks.groups?.resource.artifacts_group ?? {};
  expect([left?.aliases, none?.aliases]).toEqual([undefined, []]);
});
