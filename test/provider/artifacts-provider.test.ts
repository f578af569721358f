import { TerraformStack, Testing } from "cdktf";
import { ArtifactsGroup, ArtifactsPromotion, ArtifactsProvider } from "../../lib/constructs/artifacts-provider";

function stack(): TerraformStack {
  const made = new TerraformStack(Testing.app(), "test");
  new ArtifactsProvider(made);
  return made;
}

function resources(from: TerraformStack) {
  return JSON.parse(Testing.synth(from)).resource;
}

const group = {
  email: "team@example.org",
  name: "team",
  description: `Costs \${amount} %{if true}`,
  settings: { WhoCanJoin: "INVITED_CAN_JOIN" },
  reconcileMembers: true,
  owners: [],
  managers: ["lead@example.org"],
  members: [],
  aliases: [],
};

describe("resources of the artifacts provider", () => {
  test("require it from nowhere but this repository", () => {
    const { terraform } = JSON.parse(Testing.synth(stack()));
    expect(terraform.required_providers).toEqual({
      artifacts: { source: "artifacts.internal/foundation/artifacts", version: "0.1.0" },
    });
  });

  test("a promotion has a line per file, under the names and the values of its manifest", () => {
    const made = stack();
    const expression = `v1/\${file("/etc/passwd")}`;
    const files = { "v1/kops": "aa", [expression]: "bb" };
    new ArtifactsPromotion(made, "kops", { source: "gs://staging/kops/", destination: "gs://prod/kops/", files });
    expect(resources(made).artifacts_promotion.kops).toMatchObject({
      source: "gs://staging/kops/",
      destination: "gs://prod/kops/",
      // Terraform would evaluate an expression in a key or a value.
      files: { "v1/kops": "aa", [expression.replace("$", "$$$$")]: "bb" },
    });
    expect(resources(made).artifacts_promotion.kops).not.toHaveProperty("service_account");
  });

  test("a group's texts are taken literally, and its lists are sets of addresses", () => {
    const made = stack();
    new ArtifactsGroup(made, "team", group);
    expect(resources(made).artifacts_group.team).toMatchObject({
      description: `Costs $\${amount} %%{if true}`,
      settings: { WhoCanJoin: "INVITED_CAN_JOIN" },
      reconcile_members: true,
      managers: ["lead@example.org"],
      members: [],
    });
  });

  test("come out in HCL with the same attributes", () => {
    const made = stack();
    new ArtifactsPromotion(made, "kops", {
      source: "gs://a/",
      destination: "gs://b/",
      files: { x: "aa" },
      commit: "c1",
    });
    const { hcl } = made.toHclTerraform();
    expect(hcl).toContain('resource "artifacts_promotion" "kops"');
    expect(hcl).toMatch(/commit += "c1"/);
    expect(hcl).toMatch(/files = \{\s+"?x"? = "aa"\s+\}/);
  });
});
