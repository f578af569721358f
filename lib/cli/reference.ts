import type { FileKind } from "../config/schema/file-kinds";

/** The parts of a JSON Schema that the reference shows. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

const INTRODUCTION = `# Reference of the input files

<!-- Written by npm run docs from the schemas in lib/config/schema. Change those. -->

Every key of every file, what it means, and what holds when it is left out. [inputs.md](inputs.md) explains how the files
belong together, [rules.md](rules.md) what is checked. Editors that know the YAML language server complete and check these
keys by the \`# yaml-language-server: $schema=\` line at the top of a file; the schemas are in [schema/](schema/).

In paths, \`[]\` stands for every entry of a list, and capitals for a name that you choose.
`;

/** docs/reference.md: one section and one table for each kind of file. */
export function renderReference(kinds: readonly { readonly kind: FileKind; readonly schema: JsonSchema }[]): string {
  const sections = kinds.map(({ kind, schema }) => {
    const rows = rowsOf(schema, "").map(
      ({ path, type, required, meaning }) => `| \`${path}\` | ${type} | ${required ? "yes" : ""} | ${meaning} |`,
    );
    const table = ["| key | value | required | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
    return `## \`${kind.path}\`\n\n${kind.summary}\n\nSchema: [${kind.name}.schema.json](schema/${kind.name}.schema.json)\n\n${table}\n`;
  });
  return [INTRODUCTION, ...sections].join("\n");
}

interface Row {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
}

/** Names for the keys that people choose, by the mapping that holds them. */
const CHOSEN: Readonly<Record<string, string>> = {
  infra: "TYPE",
  projects: "ID",
  labels: "LABEL",
  iam: "ROLE",
  filters: "EXPRESSION",
};

function rowsOf(schema: JsonSchema, path: string): readonly Row[] {
  const object = alternatives(schema).find(({ properties }) => properties !== undefined);
  const rows = Object.entries(object?.properties ?? {}).flatMap(([key, value]) => {
    const below = path === "" ? key : `${path}.${key}`;
    const row = {
      path: below,
      type: typeOf(value),
      required: object?.required?.includes(key) ?? false,
      meaning: value.description ?? "",
    };
    return [row, ...rowsOf(value, below)];
  });
  const items = alternatives(schema).find(({ items }) => items !== undefined)?.items;
  if (items !== undefined) return [...rows, ...rowsOf(items, `${path}[]`)];
  const chosen = alternatives(schema).find(({ additionalProperties }) => typeof additionalProperties === "object");
  if (object !== undefined || typeof chosen?.additionalProperties !== "object") return rows;
  const name = CHOSEN[path.slice(path.lastIndexOf(".") + 1)] ?? "NAME";
  return [...rows, ...rowsOf(chosen.additionalProperties, `${path}.${name}`)];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(alternatives)];
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  array: "list",
  object: "mapping",
};

function typeOf(schema: JsonSchema): string {
  const words = new Set(alternatives(schema).flatMap(wordsOf));
  return words.size === 0 ? "anything" : [...words].join(", or ");
}

function wordsOf({ type, items, enum: values, const: value }: JsonSchema): readonly string[] {
  if (value !== undefined) return [`\`${String(value)}\``];
  if (values !== undefined) return [values.map((each) => `\`${String(each)}\``).join(", ")];
  if (type === undefined || type === "null") return [];
  return [type === "array" && items !== undefined ? `list of ${typeOf(items)}` : (WORDS[type] ?? type)];
}
