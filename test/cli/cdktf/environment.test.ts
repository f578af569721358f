import { devNull } from "node:os";
import { join } from "node:path";
import { setEnvironment } from "../../../lib/cli/cdktf/environment";

function environment(env: NodeJS.ProcessEnv, isTerminal = false): NodeJS.ProcessEnv {
  setEnvironment(env, isTerminal);
  return env;
}

beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});

test("nothing is reported or asked for, and a pipe gets no moving progress", () => {
  expect(environment({})).toEqual({ CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1", CI: "1" });
});

test("a terminal keeps its progress", () => {
  expect(environment({}, true)).toEqual({ CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" });
});

test("what somebody has set stays", () => {
  const set = { CHECKPOINT_DISABLE: "", DISABLE_VERSION_CHECK: "", CI: "false", TF_CLI_CONFIG_FILE: __filename };

  expect(environment({ ...set })).toEqual(set);
});

test.each([
  ["./tf", join(process.cwd(), "tf")],
  ["/opt/tofu", "/opt/tofu"],
  ["tofu", "tofu"],
])("a program that is called %s is the same in the folder of every stack", (name, settled) => {
  expect(environment({ TERRAFORM_BINARY_NAME: name })).toMatchObject({ TERRAFORM_BINARY_NAME: settled });
});

test("a CLI configuration that is not there is told once, and not by every terraform", () => {
  expect(environment({ TF_CLI_CONFIG_FILE: "/nowhere/terraformrc" })).toMatchObject({ TF_CLI_CONFIG_FILE: devNull });
  expect(process.stderr.write).toHaveBeenCalledWith(
    "TF_CLI_CONFIG_FILE: /nowhere/terraformrc is not there, going on without it\n",
  );
});
