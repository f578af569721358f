import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { completeChanges, JOURNAL, writeChanges } from "../../lib/onboarding/write-changes";

const INFRA = "infra/gcp/infra.yaml";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "write-changes-"));
  put(INFRA, "before\n");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const layout = () => layoutFrom(root);
const write = (all = changes) => writeChanges(layout(), all, "onboard anvil");

const changes = [
  { file: INFRA, before: "before\n", after: "after\n" },
  { file: "groups/sig/groups.yaml", before: undefined, after: "groups:\n" },
];
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** A process that is certain to have ended. */
const GONE = 2 ** 22 + 1;

/** What a run leaves behind that was killed after its first file. */
function killAfterFirstFile(pid = GONE): void {
  put(`${JOURNAL}.${pid}.part`, "gro");
  writeFileSync(join(root, JOURNAL), JSON.stringify({ pid, command: "onboard anvil", changes }));
  put(INFRA, "after\n");
}

describe("a change of several files", () => {
  test("is written whole, and leaves nothing else", () => {
    write();

    expect([read(INFRA), read("groups/sig/groups.yaml")]).toEqual(["after\n", "groups:\n"]);
    expect(readdirSync(root).sort()).toEqual(["groups", "infra"]);
  });

  test("that was cut off is completed by the next run", () => {
    killAfterFirstFile();

    expect(completeChanges(layout())).toEqual({
      command: "onboard anvil",
      files: [INFRA, "groups/sig/groups.yaml"],
    });
    expect(read("groups/sig/groups.yaml")).toBe("groups:\n");
    expect(readdirSync(root).sort()).toEqual(["groups", "infra"]);
    expect(completeChanges(layout())).toBeUndefined();
  });

  test("that was cut off before it was noted has changed nothing, and what it left goes", () => {
    put(`${JOURNAL}.${GONE}.part`, '{"pid"');
    put(`${JOURNAL}.${process.ppid}.part`, "of a run that goes on");

    expect(completeChanges(layout())).toBeUndefined();
    expect(readdirSync(root).sort()).toEqual([`${JOURNAL}.${process.ppid}.part`, "infra"]);
  });

  test("that was cut off is not completed over what somebody changed since", () => {
    killAfterFirstFile();
    put(INFRA, "by hand\n");

    expect(() => completeChanges(layout())).toThrow(
      "infra/gcp/infra.yaml: was changed since a run that wrote it was cut off",
    );
    expect(read(INFRA)).toBe("by hand\n");
    expect(existsSync(join(root, "groups"))).toBe(false);
  });

  test("that another run is writing is left to it, and so is what that one has noted", () => {
    killAfterFirstFile(process.ppid);
    const noted = read(JOURNAL);

    expect(() => completeChanges(layout())).toThrow('another run is writing: "onboard anvil"\n    Run this again when');
    expect(() => write()).toThrow('another run is writing: "onboard anvil"');
    expect(read(JOURNAL)).toBe(noted);
  });

  test("is not written over what another run wrote since it was planned", () => {
    put(INFRA, "of another run\n");

    expect(() => write()).toThrow("infra/gcp/infra.yaml: was changed by somebody else meanwhile");
    expect(read(INFRA)).toBe("of another run\n");
    expect(readdirSync(root)).toEqual(["infra"]);
  });

  test("of which a file can't be written is taken back", () => {
    const fails = [...changes, { file: "groups/sig/groups.yaml/a.yaml", before: undefined, after: "x" }];

    expect(() => write(fails)).toThrow(/^groups\/sig\/groups.yaml\/a.yaml: .*not a folder\n.* Nothing was written.$/);
    expect(read(INFRA)).toBe("before\n");
    expect(readdirSync(root)).toEqual(["infra"]);
  });

  test("that can't be taken back either says so, and stays noted", () => {
    symlinkSync("infra.yaml", join(root, "infra/gcp/same.yaml"));
    const same = { file: "infra/gcp/same.yaml", before: "before\n", after: "other\n" };
    const fails = [...changes, same, { file: "groups/sig/groups.yaml/a.yaml", before: undefined, after: "x" }];

    expect(() => write(fails)).toThrow("The change is half written: run the same command again");
    expect(existsSync(join(root, JOURNAL))).toBe(true);
  });

  test("that can't be completed stays noted", () => {
    const file = "groups/sig/groups.yaml/groups.yaml";
    const fails = [...changes, { file, after: "x" }];
    writeFileSync(join(root, JOURNAL), JSON.stringify({ pid: GONE, command: "onboard anvil", changes: fails }));

    expect(() => completeChanges(layout())).toThrow(new RegExp(`^${file}: .*\n.*The change is half written`));
    expect(existsSync(join(root, JOURNAL))).toBe(true);
  });

  test("leaves a folder that has the name of what a killed run leaves", () => {
    mkdirSync(join(root, `${JOURNAL}.${GONE}.part`));

    expect(completeChanges(layout())).toBeUndefined();
    expect(existsSync(join(root, `${JOURNAL}.${GONE}.part`))).toBe(true);
  });

  test("goes where links within the inputs lead, and modes stay", () => {
    put("shared/all.yaml", "before\n");
    chmodSync(join(root, "shared/all.yaml"), 0o640);
    rmSync(join(root, INFRA));
    symlinkSync("../../shared/all.yaml", join(root, INFRA));
    write();

    expect(read("shared/all.yaml")).toBe("after\n");
    expect(statSync(join(root, "shared/all.yaml")).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(root, INFRA)).isSymbolicLink()).toBe(true);
  });

  test("outside of the inputs is refused", () => {
    expect(() => write([{ file: "a/../../etc/x.yaml", before: undefined, after: "x" }])).toThrow("lies outside");
    expect(readdirSync(root)).toEqual(["infra"]);
  });

  test.each([
    {
      what: "a folder that is a link to one outside",
      make: (path: string) => symlinkSync(tmpdir(), path),
      says: "lies outside",
    },
    { what: "a link to nothing", make: (path: string) => symlinkSync("nowhere", path), says: "it does not exist" },
    { what: "a file", make: (path: string) => writeFileSync(path, ""), says: "a part of its path is not a folder" },
  ])("below $what is refused before anything is written", ({ make, says }) => {
    make(join(root, "groups"));

    expect(() => write()).toThrow(says);
    expect(read(INFRA)).toBe("before\n");
    expect(existsSync(join(root, JOURNAL))).toBe(false);
  });
});

describe("a journal that somebody else put there", () => {
  test.each([
    { file: ".git/hooks/post-checkout" },
    { file: "package.json" },
    { file: "groups/../package.json" },
    { file: "../groups/sig/groups.yaml" },
    { file: "filestores/../groups.yaml" },
    { file: "filestores/oss-staging-anvil/\u001b[2J/OWNERS" },
  ])("writes no $file", ({ file }) => {
    put(JOURNAL, JSON.stringify({ pid: GONE, command: "x", changes: [{ file, after: "x" }] }));

    expect(() => completeChanges(layout())).toThrow(`${JOURNAL}: names ${JSON.stringify(file)}, which no command`);
    expect(readdirSync(root).sort()).toEqual([JOURNAL, "infra"]);
  });

  test("writes no configuration of git through a link", () => {
    put(".git/config", "[core]\n");
    mkdirSync(join(root, "manifests/a"), { recursive: true });
    symlinkSync("../../.git/config", join(root, "manifests/a/OWNERS"));
    const hostile = [{ file: "manifests/a/OWNERS", before: "[core]\n", after: "[core]\nfsmonitor = x\n" }];
    put(JOURNAL, JSON.stringify({ pid: GONE, command: "x", changes: hostile }));

    expect(() => completeChanges(layout())).toThrow(
      "manifests/a/OWNERS: it, or what it is a link to, has no input's name",
    );
    expect(read(".git/config")).toBe("[core]\n");
  });

  test.each(["", "{", "[]", '{"pid": 1}', '{"pid": -1, "command": "", "changes": []}'])(
    "is refused by its name when it holds %j",
    (text) => {
      put(JOURNAL, text);

      expect(() => completeChanges(layout())).toThrow(`${JOURNAL}: is not what a command notes`);
    },
  );
});
