import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What was recorded of the real provider 6.50.0; it is not part of the repository. */
const folder = join(process.env.ARTIFACTS_SHARED ?? join(__dirname, "../../../shared"), "provider-google-6.50.0");

export interface RealBlock {
  readonly attributes?: Readonly<Record<string, RealAttribute>>;
  readonly block_types?: Readonly<Record<string, RealNestedBlock>>;
}

export interface RealAttribute {
  readonly type: unknown;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}

export interface RealNestedBlock {
  readonly nesting_mode: string;
  readonly min_items?: number;
  readonly max_items?: number;
  readonly block: RealBlock;
}

interface RealSchema {
  readonly version: number;
  readonly block: RealBlock;
}

export interface RealProvider {
  readonly provider: RealSchema;
  readonly resource_schemas: Readonly<Record<string, RealSchema>>;
  readonly data_source_schemas: Readonly<Record<string, RealSchema>>;
}

/** What `terraform providers schema -json` doesn't tell: one level of a resource, from the provider's own tables. */
export interface ExtraAttribute {
  readonly force_new?: boolean;
  readonly default?: unknown;
  readonly elem?: unknown;
}

export function realProvider(): RealProvider | undefined {
  const schemas = read("schema.json") as
    | { readonly provider_schemas: Readonly<Record<string, RealProvider>> }
    | undefined;
  return schemas?.provider_schemas["registry.terraform.io/hashicorp/google"];
}

/** By resource type. */
export function realExtras(): Readonly<Record<string, { readonly schema: Readonly<Record<string, ExtraAttribute>> }>> {
  return (read("schema-extra.json") ?? {}) as ReturnType<typeof realExtras>;
}

function read(name: string): unknown {
  const file = join(folder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
