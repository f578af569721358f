import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { POSTPONED } from "../../../lib/cli/cdktf/postponed-modules";

const CHECKOUT = join(__dirname, "..", "..", "..");

/** Loads each module as cdktf-cli does, then uses it; prints the names it had before and those of the real one. */
const script = `
  const names = ${JSON.stringify(Object.keys(POSTPONED))};
  const loaded = () => Object.keys(require.cache).filter((path) => path.includes("jsii-rosetta")).length;
  const postponed = names.map((name) => require(name));
  const before = loaded();
  const keys = postponed.map((one) => Object.keys(one).sort());
  const marker = postponed[0].CODE_MARKER;
  for (const one of postponed) for (const key of Object.keys(one)) one[key];
  const real = names.map((name) => require(name));
  console.log(JSON.stringify({ before, after: loaded(), keys, marker, real: real.map((one) => Object.keys(one).sort()) }));
`;

test("what cdktf-cli loads later has the names of the real modules, and becomes them once it is used", () => {
  execFileSync(process.execPath, ["bin/build.cjs"], { cwd: CHECKOUT });
  const words = ["--require", "./dist/lib/cli/cdktf/postponed-modules.js", "-e", script];

  const output = execFileSync(process.execPath, words, { cwd: CHECKOUT, encoding: "utf8", stdio: "pipe" });
  // What follows is said by the real modules, of a terraform that they ask for its version.
  const [first = ""] = output.split("\n");
  const { before, after, keys, marker, real } = JSON.parse(first);

  expect(before).toBe(0);
  expect(after).toBeGreaterThan(0);
  expect(typeof marker).toBe("string");
  expect(keys).toEqual(real);
});
