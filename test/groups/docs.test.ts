import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { comparedRules, groupsPage } from "../../lib/cli/groups-docs";

const root = join(__dirname, "..", "..");
const path = join(root, "docs/groups.md");

test("the tables of docs/groups.md are up to date (UPDATE_DOCS=1 writes them)", () => {
  const page = readFileSync(path, "utf8");
  const fresh = groupsPage(page);
  if (process.env.UPDATE_DOCS) writeFileSync(path, fresh);
  else expect(page).toBe(fresh);
});

test.each(comparedRules.flatMap(({ rules }) => rules))("the rule %s exists", (rule) => {
  const found = execFileSync("grep", ["-rlF", `"${rule}"`, "lib/model", "lib/config"], { cwd: root, encoding: "utf8" });
  expect(found).not.toBe("");
});
