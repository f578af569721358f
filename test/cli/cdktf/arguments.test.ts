import {
  assertApprovable,
  colourFlags,
  lockFlags,
  needsTerraform,
  parallelismFlags,
  planRequest,
  stacksToRun,
  stacksToSynthesize,
} from "../../../lib/cli/cdktf/arguments";

describe("a plan", () => {
  test.each([
    ["one stack", ["plan", "serving"]],
    ["no stack", ["plan"]],
    ["one stack with options", ["diff", "serving", "--skip-synth", "-o", "out", "--var", "a=b"]],
    ["another verb", ["deploy", "a", "b"]],
    ["nothing", []],
  ])("of %s is left to cdktf-cli", (_, argv) => {
    expect(planRequest(argv)).toBeUndefined();
  });

  test.each([
    ["several stacks", ["plan", "groups", "serving"], ["groups", "serving"]],
    ["a glob", ["diff", "staging-*"], ["staging-*"]],
    ["one stack as JSON", ["plan", "serving", "--json"], ["serving"]],
  ])("of %s is ours", (_, argv, patterns) => {
    expect(planRequest(argv)?.patterns).toEqual(patterns);
  });

  test("takes the flags that cdktf-cli takes", () => {
    const flags = ["--refresh-only", "--terraform-parallelism=9", "--var", "a=1", "--var", "b=2", "--var-file", "f"];
    const request = planRequest(["plan", "a", "b", "-a", "node app.js", "-o", "out", ...flags, "--parallelism", "2"]);

    expect(request).toEqual({
      patterns: ["a", "b"],
      output: "out",
      synth: ["--app", "node app.js", "--output", "out"],
      plan: ["-refresh-only", "-parallelism=9", "-var=a=1", "-var=b=2", "-var-file=f", "-no-color"],
      parallelism: 2,
      json: false,
    });
  });

  test("of what is synthesized already runs no synth", () => {
    expect(planRequest(["plan", "a", "b", "--skip-synth"])?.synth).toBeUndefined();
  });

  test.each([
    ["an unknown flag", ["plan", "a", "b", "--refesh-only"], "unknown option '--refesh-only'"],
    ["no number", ["plan", "a", "b", "--parallelism", "many"], 'is "many", must be a whole number'],
    ["a migration of several states", ["plan", "a*", "--migrate-state"], "stack by stack"],
  ])("is refused with %s", (_, argv, message) => {
    expect(() => planRequest(argv)).toThrow(message);
  });
});

test.each([
  [["deploy", "a"], ["--skip-provider-lock"]],
  [["plan", "a"], ["--skip-provider-lock"]],
  [["deploy", "a", "--skip-provider-lock"], []],
  [["synth"], []],
])("%j adds %j: what init locked is not fetched from the registry once more", (argv, flags) => {
  expect(lockFlags(argv)).toEqual(flags);
});

test.each([
  { argv: ["deploy", "a"], isTerminal: false, env: {}, flags: ["--no-color"] },
  { argv: ["plan", "a", "--no-color"], isTerminal: false, env: {}, flags: [] },
  { argv: ["deploy", "a"], isTerminal: false, env: { FORCE_COLOR: "1" }, flags: [] },
  { argv: ["destroy", "a"], isTerminal: false, env: { FORCE_COLOR: "0" }, flags: ["--no-color"] },
  { argv: ["deploy", "a"], isTerminal: true, env: {}, flags: [] },
  { argv: ["synth"], isTerminal: false, env: {}, flags: [] },
])("$argv with $env adds $flags where the output being a terminal is $isTerminal", (each) => {
  expect(colourFlags(each.argv, each.isTerminal, each.env)).toEqual(each.flags);
});

test.each([
  { argv: ["deploy", "groups"], env: {}, flags: ["--terraform-parallelism", "50"] },
  { argv: ["apply", "groups", "--terraform-parallelism=5"], env: {}, flags: [] },
  { argv: ["deploy", "groups"], env: { CDKTF_TERRAFORM_PARALLELISM: "5" }, flags: [] },
  { argv: ["destroy", "groups"], env: {}, flags: [] },
])("$argv with $env changes as many things at a time as $flags say", ({ argv, env, flags }) => {
  expect(parallelismFlags(argv, env)).toEqual(flags);
});

describe("what a run is about", () => {
  test.each([
    [["deploy", "promote-x"], ["promote-x"]],
    [
      ["apply", "groups", "staging-*", "--auto-approve"],
      ["groups", "staging-*"],
    ],
    [
      ["deploy", "--auto-approve", "a", "--parallelism", "3", "b", "-o", "out"],
      ["a", "b"],
    ],
    [["deploy", "staging-{a,b}"], ["staging-{a,b}"]],
    [["deploy"], []],
    [["destroy", "groups"], []],
  ])("%j: the stacks %j", (argv, stacks) => {
    expect(stacksToRun(argv)).toEqual({ stacks, argv });
  });

  test.each([
    ["deploy", "--ignore-missing-stack-dependencies"],
    ["destroy", "--ignore-missing-stack-dependencies"],
    ["destroy", "--ignoreMissingStackDependencies=true"],
  ])("%s %s: the named stacks alone, in order, and never cdktf-cli's endless way", (verb, flag) => {
    expect(stacksToRun([verb, "groups", flag, "serving"])).toEqual({
      stacks: ["groups", "serving"],
      argv: [verb, "groups", "serving"],
    });
  });
});

test.each([
  [["synth"], [], ["synth"]],
  [
    ["synth", "staging-*", "-o", "groups", "groups", "--hcl"],
    ["staging-*", "groups"],
    ["synth", "-o", "groups", "--hcl"],
  ],
  [["deploy", "groups"], [], ["deploy", "groups"]],
])("%j names the stacks %j, and cdktf-cli gets %j", (argv, stacks, left) => {
  expect(stacksToSynthesize(argv)).toEqual({ stacks, argv: left });
});

test.each([
  [["plan", "groups"], true],
  [["destroy", "groups", "--auto-approve"], true],
  [["output", "serving"], true],
  [["list"], false],
  [["synth"], false],
  [["deploy", "--help"], false],
  [[], false],
])("whether %j needs terraform: %s", (argv, needed) => {
  expect(needsTerraform(argv)).toBe(needed);
});

describe("a change outside a terminal", () => {
  test.each(["deploy", "apply", "destroy"])("is refused by %s without --auto-approve, before anything runs", (verb) => {
    expect(() => assertApprovable([verb, "groups"], false, {})).toThrow(
      /^\w+: nobody can be asked for approval, .* add --auto-approve$/,
    );
  });

  test.each([
    ["approved", ["deploy", "groups", "--auto-approve"], false, {}],
    ["approved in the environment", ["deploy", "groups"], false, { CDKTF_AUTO_APPROVE: "true" }],
    ["asked on a terminal", ["destroy", "groups"], true, {}],
    ["a question for help", ["deploy", "--help"], false, {}],
    ["only a plan", ["plan", "groups"], false, {}],
  ])("is let through if it is %s", (_, argv, isTerminal, env) => {
    expect(() => assertApprovable(argv, isTerminal, env)).not.toThrow();
  });
});
