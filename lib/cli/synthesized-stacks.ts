import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StackResources } from "../model/stack-difference";

interface StackFile {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly removed?: unknown;
  readonly import?: unknown;
}

/** Reads the stacks that `cdktf synth` wrote below `folder`. @throws if there are none */
export function readStacks(folder: string): ReadonlyMap<string, StackResources> {
  const stacks = join(folder, "stacks");
  if (!existsSync(stacks)) {
    throw new Error(`${folder}: holds no synthesized stacks. Write them with "npx cdktf synth --output ${folder}"`);
  }
  return new Map(readdirSync(stacks).map((name) => [name, resourcesOf(join(stacks, name, "cdk.tf.json"))]));
}

function resourcesOf(path: string): StackResources {
  // What CDKTF notes for itself under "//" is no part of the configuration.
  const file: StackFile = JSON.parse(readFileSync(path, "utf8"), (key, value) => (key === "//" ? undefined : value));
  const resources = Object.entries(file.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, value]) => [`${type}.${name}`, value] as const),
  );
  const blocks = (["removed", "import"] as const).flatMap((name) =>
    file[name] === undefined ? [] : [[`${name} blocks`, { [name]: file[name] }] as const],
  );
  return new Map([...resources, ...blocks]);
}
