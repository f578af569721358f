import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { Annotations, TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { useLocalPlugins } from "../lib/constructs/artifacts-plugin";
import { literal } from "../lib/constructs/literal";
import type { Platform } from "./platform";

/**
 * A stack whose addresses are its construct ids joined by `__`, without a hash. Ids that begin with a capital
 * (`Resource`, `Policy`) are structure and take no part: the bucket policy of `staging` is
 * `google_storage_bucket_iam_policy.staging`, wherever in the tree it stands.
 */
export abstract class EstateStack extends TerraformStack {
  private readonly elementsByAddress = new Map<string, Node>();

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    platform.addBackend(this);
  }

  /**
   * Existing objects that the next apply takes over instead of making them: import ids by address. Terraform refuses an
   * import of what is not declared, so a setting of an adopted project could not be taken back while its line stands.
   */
  takeOver(imports: Readonly<Record<string, string>>): void {
    const declared = new Set(this.node.findAll().filter(TerraformResource.isTerraformResource).map(addressOf));
    for (const to of Object.keys(imports).filter((each) => !declared.has(each))) {
      Annotations.of(this).addWarning(`adopt/${this.node.id}.yaml: ${to} is not declared, so it is not taken over`);
    }
    const blocks = Object.entries(imports).flatMap(([to, id]) => (declared.has(to) ? [{ to, id: literal(id) }] : []));
    if (blocks.length > 0) this.addOverride("import", blocks);
  }

  /** CDKTF looks for references between stacks here, by resolving everything once more. There are none by design. */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  protected override allocateLogicalId(tfElement: TerraformElement | Node): string {
    const isElement = TerraformElement.isTerraformElement(tfElement);
    const node = isElement ? tfElement.node : tfElement;
    const ids = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    const name = ids.filter((id) => !/^[A-Z]/.test(id)).join("__");
    if (name === "") throw new Error(`${node.path}: every id is structure, none is left for an address`);
    if (isElement) this.claim(`${tfElement.constructor.name}.${name}`, node);
    return name;
  }

  /** Two resources with one address would be merged into one without a word. */
  private claim(address: string, node: Node): void {
    const owner = this.elementsByAddress.get(address) ?? node;
    if (owner !== node) throw new Error(`${owner.path} and ${node.path} would both have the address ${address}`);
    this.elementsByAddress.set(address, node);
  }
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}

/** Adds the Google provider, set up for where the stack is applied. */
export function addGoogle(stack: TerraformStack, platform: Platform): void {
  new Google(stack, "google", platform.google);
  // Also without a plugin: what an earlier synth for another place installed has to go.
  useLocalPlugins(stack, platform.googlePlugin === undefined ? [] : [platform.googlePlugin]);
}

/** CDKTF carries every argument that is not given, some two hundred, through three conversions before it drops them. */
class Google extends GoogleProvider {
  protected override synthesizeAttributes(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(super.synthesizeAttributes()).filter(([, value]) => value !== undefined));
  }
}
