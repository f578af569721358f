import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fileKinds } from "../config/schema/file-kinds";
import { type JsonSchema, renderReference } from "./reference";

export interface GeneratedFile {
  /** Relative to the checkout. */
  readonly path: string;
  readonly text: string;
}

/** The JSON Schemas and the reference, made from the schemas that check the files. `npm run docs` writes them. */
export function generatedDocs(): readonly GeneratedFile[] {
  const kinds = fileKinds.map((kind) => {
    // Editors know draft 7. Not all that our own checks add can be said in it, so that editors see a little less.
    const schema = z.toJSONSchema(kind.schema, { io: "input", target: "draft-7" });
    const plain: object = JSON.parse(JSON.stringify(schema), withoutTypeLists);
    return { kind, schema: { title: kind.path, description: kind.summary, ...plain } };
  });
  const schemas = kinds.map(({ kind, schema }) => ({
    path: `docs/schema/${kind.name}.schema.json`,
    text: `${JSON.stringify(schema, null, 2)}\n`,
  }));
  // zod's type of a JSON Schema is wider in places that ours do not use.
  const shown = kinds.map(({ kind, schema }) => ({ kind, schema: schema as JsonSchema }));
  return [...schemas, { path: "docs/reference.md", text: renderReference(shown) }];
}

/** Validators that are strict, as ajv is on demand, refuse a list of types; alternatives say the same. */
function withoutTypeLists(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("type" in value) || !Array.isArray(value.type)) return value;
  const { type: types, ...others } = value;
  return { ...others, anyOf: types.map((type) => ({ type })) };
}

if (require.main === module) {
  for (const { path, text } of generatedDocs()) {
    const file = join(__dirname, "../../..", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
