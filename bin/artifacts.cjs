#!/usr/bin/env node
// The `artifacts` command. In a checkout, dist/ is brought up to date first (a few milliseconds when nothing changed).
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "..", "lib", "cli", "artifacts.ts"))) require("./build.cjs").build();
require("../dist/lib/cli/artifacts.js");
