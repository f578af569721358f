// In front of what runs Terraform: says before anything starts that it is missing or too old. Expects dist/ to be built.
"use strict";
const { terraformProblem } = require("../dist/lib/terraform-program.js");

const problem = terraformProblem(process.env);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 3;
}
