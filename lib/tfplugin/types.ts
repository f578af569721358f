/** A type as Terraform writes it in JSON, e.g. `["map", "string"]`; `dynamic` stands for a type known only at run time. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list", CtyType]
  | readonly ["set", CtyType]
  | readonly ["map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", Readonly<Record<string, CtyType>>];

const unknownMark = Symbol("unknown");

/** A value that Terraform will only know after apply. */
export interface Unknown {
  readonly [unknownMark]: true;
}

export const UNKNOWN: Unknown = Object.freeze({ [unknownMark]: true as const });

export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}

/** A number that a JavaScript number can't hold exactly, kept as Terraform wrote it, e.g. a 40-digit integer. */
export class Decimal {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** A value of type `dynamic` together with the type it turned out to have. */
export class Dynamic {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

/**
 * A Terraform value in JavaScript. Null is `undefined`, and attributes that are null are left out of their object.
 * Lists, sets and tuples are arrays; maps and objects are plain objects without a prototype, so that any key is safe.
 */
export type Value = undefined | string | number | boolean | Unknown | Decimal | Dynamic | readonly Value[] | Entries;

/** A map or an object. */
export interface Entries {
  readonly [key: string]: Value;
}

/** `T` in which every value, at any depth, may still be unknown. */
export type MaybeUnknown<T> = T | Unknown | PartlyKnown<T>;

/** `T` with unknown values inside, itself known: what a configuration or a plan looks like. */
export type PartlyKnown<T> = T extends readonly (infer Element)[]
  ? readonly MaybeUnknown<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: MaybeUnknown<T[Key]> }
    : T;

/** Whether `value` and everything inside is known: the guard before a configuration may be used as what it will be. */
export function isWhollyKnown<T>(value: MaybeUnknown<T>): value is T {
  if (isUnknown(value)) return false;
  if (value instanceof Decimal) return true;
  if (value instanceof Dynamic) return isWhollyKnown(value.value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((inner) => isWhollyKnown(inner));
}

/** Whether `value` is a known map or object. */
export function isEntries(value: Value): value is Entries {
  if (typeof value !== "object" || isUnknown(value)) return false;
  return !Array.isArray(value) && !(value instanceof Decimal) && !(value instanceof Dynamic);
}

/** The value under `key` of a map or object. */
export function entry(value: Value, key: string): Value {
  return isEntries(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An element of a list. */
export function at(value: Value, index: number): Value {
  return Array.isArray(value) ? value[index] : undefined;
}
