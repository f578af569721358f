import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { compileFixture } from "../support/compile-fixture";

test("starting the provider loads no cloud client and nothing of CDKTF", () => {
  const provider = compileFixture(join(__dirname, "../../lib/provider/provider.ts"));
  const script = `require(${JSON.stringify(provider)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const loaded: readonly string[] = JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
  const packages = loaded.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual([]);
});
