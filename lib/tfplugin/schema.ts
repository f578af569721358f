import type { CtyType } from "./types";

/** What a user may write for one attribute, and what happens when it changes. */
interface AttributeFlags {
  readonly description?: string;

  /** The configuration must set it. Exactly one of `required`, `optional`, `computed`, or `optional` with `computed`. */
  readonly required?: boolean;

  /** The configuration may set it. */
  readonly optional?: boolean;

  /** The provider sets it, always or, together with `optional`, when the configuration doesn't. */
  readonly computed?: boolean;

  /** Terraform hides it in its output. */
  readonly sensitive?: boolean;

  /** Never stored in a plan or in the state. */
  readonly writeOnly?: boolean;

  readonly deprecated?: boolean;

  /** A change of it replaces the object: delete, then create. */
  readonly forceNew?: boolean;

  /** For `computed`: an update doesn't change it, so that the plan keeps showing its value. */
  readonly stable?: boolean;
}

export interface ValueAttribute extends AttributeFlags {
  readonly type: CtyType;
}

/** An attribute that is an object, or a collection of objects, whose own attributes have flags too. */
export interface NestedAttribute extends AttributeFlags {
  readonly nested: { readonly nesting: "single" | "list" | "set" | "map"; readonly attributes: Attributes };
}

export type Attribute = ValueAttribute | NestedAttribute;

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Block {
  readonly description?: string;
  readonly attributes: Attributes;
  readonly blocks?: Readonly<Record<string, NestedBlock>>;
}

export interface NestedBlock extends Block {
  readonly nesting: "single" | "group" | "list" | "set" | "map";

  /** @default 0 */
  readonly min?: number;

  /** @default - no limit */
  readonly max?: number;

  /** Any change in it replaces the object. */
  readonly forceNew?: boolean;
}

/** The shape of a resource, a data source or a provider's configuration. */
export interface Schema extends Block {
  /** Stored with each state; a state of an older version goes through `Resource.upgrade`. @default 0 */
  readonly version?: number;
}

/** The Terraform type of a value that fits `block`. */
export function typeOfBlock(block: Block): CtyType {
  const types: Record<string, CtyType> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) types[name] = typeOfAttribute(attribute);
  for (const [name, inner] of Object.entries(block.blocks ?? {})) types[name] = typeOfNested(inner.nesting, inner);
  return ["object", types];
}

export function typeOfAttribute(attribute: Attribute): CtyType {
  if ("type" in attribute) return attribute.type;
  return typeOfNested(attribute.nested.nesting, { attributes: attribute.nested.attributes });
}

/** The type of all the objects that nest as `nesting` says. */
export function typeOfNested(nesting: NestedBlock["nesting"], element: Block): CtyType {
  const type = typeOfBlock(element);
  return nesting === "single" || nesting === "group" ? type : [nesting, type];
}
