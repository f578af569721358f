import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completeChanges, JOURNAL, writeChanges } from "../../lib/onboarding/write-changes";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "write-changes-"));
  writeFileSync(join(root, "infra.yaml"), "before\n");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const changes = [
  { file: "infra.yaml", before: "before\n", after: "after\n" },
  { file: "groups/sig/groups.yaml", before: undefined, after: "groups:\n" },
];
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** A process that is certain to have ended. */
const GONE = 2 ** 22 + 1;

/** What a run leaves behind that was killed after its first file. */
function killAfterFirstFile(pid = GONE): void {
  writeFileSync(join(root, JOURNAL), JSON.stringify({ pid, changes }));
  writeFileSync(join(root, "infra.yaml"), "after\n");
}

describe("a change of several files", () => {
  test("is written whole, and leaves nothing else", () => {
    writeChanges(root, changes);

    expect([read("infra.yaml"), read("groups/sig/groups.yaml")]).toEqual(["after\n", "groups:\n"]);
    expect(readdirSync(root).sort()).toEqual(["groups", "infra.yaml"]);
  });

  test("that was cut off is completed by the next run", () => {
    killAfterFirstFile();

    expect(completeChanges(root)).toEqual(["infra.yaml", "groups/sig/groups.yaml"]);
    expect(read("groups/sig/groups.yaml")).toBe("groups:\n");
    expect(existsSync(join(root, JOURNAL))).toBe(false);
    expect(completeChanges(root)).toBeUndefined();
  });

  test("that was cut off is not completed over what somebody changed since", () => {
    killAfterFirstFile();
    writeFileSync(join(root, "infra.yaml"), "by hand\n");

    expect(() => completeChanges(root)).toThrow("infra.yaml: was changed since a run that wrote it was cut off");
    expect(read("infra.yaml")).toBe("by hand\n");
    expect(existsSync(join(root, "groups"))).toBe(false);
  });

  test("that another run is writing is left to it", () => {
    killAfterFirstFile(process.ppid);

    expect(() => completeChanges(root)).toThrow("another run is writing");
  });

  test("outside of the inputs is refused", () => {
    expect(() => writeChanges(root, [{ file: "a/../../etc", before: undefined, after: "x" }])).toThrow("lies outside");
    expect(readdirSync(root)).toEqual(["infra.yaml"]);
  });
});
