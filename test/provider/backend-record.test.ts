import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetBackendOfAnotherTarget } from "../../lib/constructs/backend-record";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-backend-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

type Backend = readonly [type: string, config: object];

/** Whether the note of a backend is still there after the stack was synthesized with another one. */
function isKept([type, config]: Backend, [newType, newConfig]: Backend): boolean {
  const note = join(folder, ".terraform", "terraform.tfstate");
  mkdirSync(join(folder, ".terraform"));
  writeFileSync(note, JSON.stringify({ version: 3, backend: { type, config } }));
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { backend: { [newType]: newConfig } } }));
  forgetBackendOfAnotherTarget(folder);
  return existsSync(note);
}

test("a stack that moves between a sandbox and Google Cloud is initialized anew", () => {
  expect(isKept(["local", { path: "/a" }], ["gcs", { bucket: "b" }])).toBe(false);
});

test("a stack that moves to another sandbox is initialized anew", () => {
  expect(isKept(["local", { path: "/a" }], ["local", { path: "/b" }])).toBe(false);
});

test("a stack that stays where it is keeps its note", () => {
  expect(isKept(["local", { path: "/a" }], ["local", { path: "/a" }])).toBe(true);
});

test("whether a state moves to another bucket is left to Terraform's question", () => {
  expect(isKept(["gcs", { bucket: "a" }], ["gcs", { bucket: "b" }])).toBe(true);
});

test("a stack that was never initialized has nothing to forget", () => {
  expect(() => forgetBackendOfAnotherTarget(folder)).not.toThrow();
});
