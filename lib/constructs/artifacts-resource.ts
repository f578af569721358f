import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { artifactsPlugin } from "./artifacts-plugin";
import { literal } from "./literal";

/** What an attribute of our resources may hold. */
export type AttributeValue = string | boolean | readonly string[] | Readonly<Record<string, string>> | undefined;

/** A resource of the `artifacts` provider, given by its attributes in Terraform's spelling. */
export abstract class ArtifactsResource extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    type: string,
    meta: TerraformMetaArguments,
    private readonly attributes: Readonly<Record<string, AttributeValue>>,
  ) {
    super(scope, id, {
      ...meta,
      terraformResourceType: type,
      terraformGeneratorMetadata: { providerName: "artifacts", providerVersionConstraint: artifactsPlugin.version },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.attributes).map(([name, value]) => [name, escaped(value)]));
  }

  /** For `cdktf synth --hcl`. */
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.attributes)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, { value: escaped(value), isBlock: false, ...hclType(value) }]),
    );
  }
}

function escaped(value: AttributeValue): AttributeValue {
  if (typeof value === "string") return literal(value);
  if (Array.isArray(value)) return value.map((item) => literal(item));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [literal(key), literal(inner)]));
}

/** How CDKTF's HCL writer calls the type of a value. */
function hclType(value: AttributeValue): { readonly type: string; readonly storageClassType: string } {
  if (typeof value === "boolean") return { type: "simple", storageClassType: "boolean" };
  if (typeof value === "string") return { type: "simple", storageClassType: "string" };
  if (Array.isArray(value)) return { type: "set", storageClassType: "stringList" };
  return { type: "map", storageClassType: "stringMap" };
}
