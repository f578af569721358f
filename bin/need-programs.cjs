// In front of what runs Terraform and git: says before anything starts that one is missing or too old. Expects dist/ to be built.
"use strict";
const { terraformProblem } = require("../dist/lib/terraform-program.js");
const { gitProblem } = require("../dist/sandbox/demo/throwaway-git.js");

for (const problem of [terraformProblem(process.env), gitProblem(process.env)]) {
  if (problem === undefined) continue;
  process.stderr.write(`${problem}\n`);
  process.exitCode = 3;
}
