import { join } from "node:path";
import fc from "fast-check";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import type { Estate } from "../../lib/model/estate";
import { flagProblems } from "../../lib/onboarding/flag-problems";
import { nameProblems } from "../../lib/onboarding/name-problems";
import type { OnboardRequest } from "../../lib/onboarding/onboard-plan";

const { estate: loaded } = loadEstate(layoutFrom(join(__dirname, "../..")));
if (loaded === undefined) throw new Error("our own inputs are not valid");
const estate: Estate = loaded;

const request: OnboardRequest = {
  name: "anvil",
  groupFolder: "sig-build",
  members: ["ana@example.org"],
  approvers: ["ana"],
  sourcePath: "releases",
  destinations: ["gs://oss-artifacts-prod/binaries/anvil/"],
  isRelease: false,
};

/** What a refusal says that could be given instead. */
function offered(problems: readonly string[]): string {
  return /(?:Use|Write|such as|name:) ("(?:[^"\\]|\\.)*")/.exec(problems.at(-1) ?? "")?.[1] ?? '""';
}

describe("a name", () => {
  test.each([
    { name: "a-name-that-is-much-too-long-for-it", offer: "a-name-that-is" },
    { name: "Anvil_Tool", offer: "anvil-tool" },
    { name: " anvil", offer: "anvil" },
    { name: "anvil-", offer: "anvil" },
    { name: "-anvil", offer: "anvil" },
    { name: "anvil.io", offer: "anvil-io" },
    { name: "../etc", offer: "etc" },
    { name: "$(id)", offer: "id" },
    { name: "a;b", offer: "a-b" },
    { name: "t\u00f6ol", offer: "tool" },
    { name: "\u5de5\u5177", offer: "tool" },
    { name: "", offer: "tool" },
    { name: "gs://anvil", offer: "anvil" },
    { name: "oss-staging-anvil", offer: "anvil" },
    { name: "oss-infra-staging-anvil@example.org", offer: "anvil" },
    { name: "ana@example.org", offer: "ana" },
    { name: "my-google-tool", offer: "my-tool" },
    { name: "sslproxy", offer: "proxy" },
    { name: "google", offer: "tool" },
    { name: "lathe", offer: "lathe-2" },
    { name: "loom", offer: "loom-2" },
    { name: "quill", offer: "quill-2" },
  ])("$name is refused, and $offer could be had", ({ name, offer }) => {
    expect(JSON.parse(offered(nameProblems(name, undefined, estate)))).toBe(offer);
    expect(nameProblems(offer, undefined, estate)).toEqual([]);
  });

  test("is refused where the registry of each project has its name, and can't have this one", () => {
    const registry = { repository: "", location: "us", format: "DOCKER" };
    const staging = { ...estate.defaults.staging, registry };
    const withRegistry = { ...estate, defaults: { ...estate.defaults, staging } };
    const problems = nameProblems("1anvil", undefined, withRegistry);

    expect(problems).toEqual([expect.stringContaining('"1anvil" is not a repository name')]);
    expect(nameProblems(JSON.parse(offered(problems)), undefined, withRegistry)).toEqual([]);
    expect(nameProblems("1anvil", undefined, estate)).toEqual([]);
  });

  test("is accepted, or refused with one that is accepted, whatever it is", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z0-9-]{0,30}$/));
    fc.assert(
      fc.property(text, (name) => {
        const problems = nameProblems(name, undefined, estate);
        if (problems.length === 0) return;
        expect(nameProblems(JSON.parse(offered(problems)), undefined, estate)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("whose bucket somebody has is free with another bucket", () => {
    const taken = { ...estate, defaults: { ...estate.defaults, logsBucket: "oss-staging-anvil" } };

    expect(nameProblems("anvil", undefined, taken)).toEqual([expect.stringContaining("belongs to access logs")]);
    expect(nameProblems("anvil", "oss-anvil", taken)).toEqual([]);
  });
});

describe("a flag", () => {
  test("is accepted when nothing is wrong with it", () => {
    expect(flagProblems(request, estate)).toEqual([]);
  });

  test.each([
    ...[
      "ana",
      "mailto:ana@example.org",
      "user:ana@example.org",
      "<ana@example.org>",
      "ana@localhost",
      "a@b@example.org",
    ],
    ...["\u00e4n\u00e4@example.org", "ana@example.org.", "@example.org", "..@x", "oss-infra-staging-anvil@example.org"],
  ])("--member %s is refused with an address that is accepted", (member) => {
    const problems = flagProblems({ ...request, members: [member] }, estate);

    expect(problems).toEqual([expect.stringContaining("--member")]);
    expect(flagProblems({ ...request, members: [JSON.parse(offered(problems))] }, estate)).toEqual([]);
  });

  test.each(["@ana", "ana@example.org", "https://github.com/ana", "#ana", "*", "- x", "{a"])(
    "--approver %s is refused with a login that is accepted",
    (login) => {
      const problems = flagProblems({ ...request, approvers: [login] }, estate);

      expect(problems).toEqual([expect.stringContaining("--approver")]);
      expect(flagProblems({ ...request, approvers: [JSON.parse(offered(problems))] }, estate)).toEqual([]);
    },
  );

  test.each([
    ...["../../etc", ".", "", "sig-build/groups.yaml", "groups/sig-build", "SIG Build", "config.yaml", "*", "sig\nx"],
    ...["a.yml/b", "config.yaml/b"],
    ...["/tmp/x", 'sig"x', "sig-build/../../x", "~"],
    "sig-biuld",
    "sig-buil",
  ])("--group-folder %j is refused with a folder that is accepted", (groupFolder) => {
    const problems = flagProblems({ ...request, groupFolder }, estate);

    expect(problems).toEqual([expect.stringContaining("--group-folder")]);
    expect(flagProblems({ ...request, groupFolder: JSON.parse(offered(problems)) }, estate)).toEqual([]);
  });

  test("--group-folder may name a folder whose groups.yaml declares no group yet", () => {
    const asked = { ...request, groupFolder: "sig-buildx" };

    expect(flagProblems(asked, estate)).toEqual([expect.stringContaining("there is no such folder")]);
    expect(flagProblems(asked, estate, (folder) => folder === "sig-buildx")).toEqual([]);
  });

  test.each(["../x", "gs://x/y", "a//b", "a b", "a\nb: c", "a #c", "x/..", "."])(
    "--source-path %j is refused",
    (sourcePath) => {
      expect(flagProblems({ ...request, sourcePath }, estate)).toEqual([expect.stringContaining('Use "releases"')]);
    },
  );

  test.each([
    ...["oss-artifacts-prod/x", "gs://oss-artifacts-prod/binaries/lathe/", "gs://oss-artifacts-prod/", "gs://Foo/"],
    ...["gs://oss-staging-anvil-gcb/", "gs://oss-staging-lathe/x/", "gs://oss-staging-loom-gcb/x/"],
    ...["gs://oss-terraform-state/x/", "gs://oss-access-logs/x/", "gs://oss-artifacts-prod-bak/x/"],
    ...["https://storage.googleapis.com/x", "gs://oss-staging-anvil/out/", "gs://oss-artifacts-prod/a b/", ""],
  ])("--destination %j is refused with one that is accepted", (destination) => {
    const problems = flagProblems({ ...request, destinations: [destination] }, estate);

    expect(problems).toEqual([expect.stringContaining("--destination")]);
    expect(flagProblems({ ...request, destinations: [JSON.parse(offered(problems))] }, estate)).toEqual([]);
  });

  test.each([
    ...["oss-staging-lathe", "oss-staging-lathe-gcb", "oss-quill-candidates", "oss-artifacts-prod", "oss-access-logs"],
    ...[
      "oss-terraform-state",
      "oss-artifacts-prod-bak",
      "oss-staging-loom",
      "gs://foo",
      "Foo",
      "a".repeat(60),
      "",
      "goog-x",
    ],
  ])("--bucket %j is refused with one that is accepted", (bucket) => {
    const problems = flagProblems({ ...request, bucket }, estate);

    expect(problems).toEqual([expect.stringContaining("--bucket")]);
    expect(flagProblems({ ...request, bucket: JSON.parse(offered(problems)) }, estate)).toEqual([]);
  });

  test.each([
    { repository: "https://github.com/example-org/anvil", offer: "example-org/anvil" },
    { repository: "git@github.com:example-org/anvil.git", offer: "example-org/anvil" },
    { repository: "example-org/anvil.git", offer: "example-org/anvil" },
    { repository: "anvil", offer: "example-org/anvil" },
    { repository: "a/b/c", offer: "a/b" },
    { repository: "a/b\n  x: y", offer: "a/b" },
    { repository: "", offer: "example-org/anvil" },
    { repository: "https://github.com/", offer: "example-org/anvil" },
    { repository: "github.com/example-org/anvil", offer: "example-org/anvil" },
    { repository: "github.com/anvil", offer: "example-org/anvil" },
    { repository: "example-org/anvil/", offer: "example-org/anvil" },
    { repository: "ssh://git@github.com:22/example-org/anvil.GIT", offer: "example-org/anvil" },
    { repository: "https://github.com/example-org/anvil.git?tab=readme#top", offer: "example-org/anvil" },
    { repository: "example-org\\anvil", offer: "example-org/anvil" },
    { repository: "a/..", offer: "example-org/a" },
  ])("--repository $repository is refused, and $offer could be meant", ({ repository, offer }) => {
    const problems = flagProblems({ ...request, repository }, estate);

    expect(JSON.parse(offered(problems))).toBe(offer);
    expect(flagProblems({ ...request, repository: offer }, estate)).toEqual([]);
  });

  test("--repository is refused with one that is accepted, whatever it is", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z.:_/@-]{0,20}(\.git)?\/?$/));
    fc.assert(
      fc.property(text, (repository) => {
        const problems = flagProblems({ ...request, repository }, estate);
        if (problems.length === 0) return;
        expect(flagProblems({ ...request, repository: JSON.parse(offered(problems)) }, estate)).toEqual([]);
      }),
    );
  });

  test("--shared-project names a project that can be shared, and goes without what that one decides", () => {
    const shared = (sharedProjectId: string, more = {}) =>
      flagProblems({ ...request, sharedProjectId, ...more }, estate);

    expect(shared("oss-staging-quill")).toEqual([]);
    expect(shared("oss-staging-qill")).toEqual([expect.stringContaining('Use "oss-staging-quill"')]);
    for (const id of ["oss-artifacts-prod", "oss-artifacts-prod-bak"])
      expect(shared(id)).toEqual([expect.stringMatching(/^--shared-project .* is that of .*production .* Use "/)]);
    expect(shared("oss-staging-quill", { bucket: "oss-anvil", isRelease: true })).toEqual([
      expect.stringContaining("--bucket"),
      expect.stringContaining("--release"),
    ]);
  });

  test.each([
    { flag: "--member", more: { members: ["ana@example.org", "Ana@example.org"] } },
    { flag: "--approver", more: { approvers: ["ana", "ANA"] } },
    { flag: "--destination", more: { destinations: ["gs://oss-artifacts-prod/b/", "gs://oss-artifacts-prod/b/c/"] } },
  ])("$flag is refused when it is given twice", ({ flag, more }) => {
    expect(flagProblems({ ...request, ...more }, estate)).toEqual([expect.stringContaining(flag)]);
  });
});
