// The part of Protocol Buffers that Terraform's plugin protocol needs: varints and length-delimited fields, driven by
// tables (`wire.ts`). A general library costs 30 ms at each start, and a plan starts the provider three times.

import { Parts, Reader } from "./protobuf-bytes";

/** How the values of one field go over the wire. */
interface Kind<T> {
  readonly wireType: 0 | 2;
  write(parts: Parts, value: T): void;
  read(reader: Reader): T;
}

type Cardinality = "one" | "repeated" | "map";

interface Field<Input, Output> {
  readonly number: number;
  readonly cardinality: Cardinality;
  // biome-ignore lint/suspicious/noExplicitAny: a table holds fields of many kinds; Input and Output keep the types.
  readonly kind: Kind<any>;
  readonly initial: () => Output;

  /** For the type checker only: never set. */
  readonly input?: Input;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
type Fields = Readonly<Record<string, Field<any, any>>>;

type InputOf<F extends Fields> = {
  readonly [K in keyof F]?: (F[K] extends Field<infer Input, unknown> ? Input : never) | undefined;
};
type OutputOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<unknown, infer Output> ? Output : never;
};

/** A message type: the fields that are left out of an `Input` are absent from the wire. */
export interface MessageType<Input, Output> {
  encode(value: Input): Buffer;
  decode(bytes: Uint8Array): Output;
  append(parts: Parts, value: Input): void;
}

export type Input<M> = M extends MessageType<infer I, unknown> ? I : never;
export type Output<M> = M extends MessageType<never, infer O> ? O : never;

export const string = (number: number) => one(number, stringKind, () => "");
export const bytes = (number: number) => one<Uint8Array>(number, bytesKind, () => new Uint8Array());
export const bool = (number: number) => one(number, boolKind, () => false);
export const integer = (number: number) => one(number, integerKind, () => 0);

/** A single message; undefined when it is absent. */
export function nested<I, O>(number: number, type: MessageType<I, O>): Field<I, O | undefined> {
  return { number, cardinality: "one", kind: messageKind(type), initial: () => undefined };
}

/** A type that is defined further down, or inside itself. */
export function lazy<I, O>(type: () => MessageType<I, O>): MessageType<I, O> {
  return {
    encode: (value) => type().encode(value),
    decode: (buffer) => type().decode(buffer),
    append: (parts, value) => type().append(parts, value),
  };
}

export function repeated<I, O>(number: number, type: MessageType<I, O>): Field<readonly I[], readonly O[]> {
  return { number, cardinality: "repeated", kind: messageKind(type), initial: () => [] };
}

/** A map with string keys. */
export function mapOf<I, O>(
  number: number,
  type: MessageType<I, O>,
): Field<Readonly<Record<string, I>>, Readonly<Record<string, O>>> {
  const entry = message({ key: string(1), value: nested(2, type) });
  return { number, cardinality: "map", kind: messageKind(entry), initial: () => Object.create(null) };
}

export function message<F extends Fields>(fields: F): MessageType<InputOf<F>, OutputOf<F>> {
  const byNumber = new Map(Object.entries(fields).map(([name, field]) => [field.number, { name, ...field }]));

  function append(parts: Parts, value: InputOf<F>): void {
    for (const [name, { number, cardinality, kind }] of Object.entries(fields)) {
      for (const single of valuesOf(cardinality, value[name])) {
        parts.varint(number * 8 + kind.wireType);
        kind.write(parts, single);
      }
    }
  }

  function decode(buffer: Uint8Array): OutputOf<F> {
    const result: Record<string, unknown> = {};
    for (const [name, { initial }] of Object.entries(fields)) result[name] = initial();
    for (const reader = new Reader(buffer); !reader.done(); ) {
      const tag = reader.varint();
      const field = byNumber.get(Math.floor(tag / 8));
      if (field === undefined || tag % 8 !== field.kind.wireType) reader.skip(tag % 8);
      else store(result, field.name, field.cardinality, field.kind.read(reader));
    }
    // Every field of the table was given its initial value above.
    return result as OutputOf<F>;
  }

  return {
    append,
    decode,
    encode(value) {
      const parts = new Parts();
      append(parts, value);
      return parts.concat();
    },
  };
}

function valuesOf(cardinality: Cardinality, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (cardinality === "one") return [value];
  if (cardinality === "repeated") return value as readonly unknown[];
  return Object.entries(value as object).map(([key, inner]) => ({ key, value: inner }));
}

function store(result: Record<string, unknown>, name: string, cardinality: Cardinality, value: unknown): void {
  if (cardinality === "one") result[name] = value;
  else if (cardinality === "repeated") (result[name] as unknown[]).push(value);
  else {
    const { key, value: inner } = value as { key: string; value: unknown };
    (result[name] as Record<string, unknown>)[key] = inner;
  }
}

function one<T>(number: number, kind: Kind<T>, initial: () => T): Field<T, T> {
  return { number, cardinality: "one", kind, initial };
}

const stringKind: Kind<string> = {
  wireType: 2,
  write: (parts, value) => parts.delimited(Buffer.from(value, "utf8")),
  read: (reader) => Buffer.from(reader.delimited()).toString("utf8"),
};

const bytesKind: Kind<Uint8Array> = {
  wireType: 2,
  write: (parts, value) => parts.delimited(value),
  read: (reader) => reader.delimited(),
};

const boolKind: Kind<boolean> = {
  wireType: 0,
  write: (parts, value) => parts.varint(value ? 1 : 0),
  read: (reader) => reader.varint() !== 0,
};

/** Non-negative integers and enumerations: the protocol's counts, versions, severities and list indexes. */
const integerKind: Kind<number> = {
  wireType: 0,
  write: (parts, value) => parts.varint(value),
  read: (reader) => reader.varint(),
};

function messageKind<I, O>(
  type: MessageType<I, O>,
): { wireType: 2 } & { write: Kind<I>["write"]; read: Kind<O>["read"] } {
  return {
    wireType: 2,
    write(parts, value) {
      const inner = new Parts();
      type.append(inner, value);
      parts.include(inner);
    },
    read: (reader) => type.decode(reader.delimited()),
  };
}
