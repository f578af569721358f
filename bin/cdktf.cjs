#!/usr/bin/env node
// cdktf-cli, with what it lacks here: `plan` of several stacks, and no word to its makers.
"use strict";
require("./build.cjs").build();
require("../dist/lib/cli/cdktf/main.js");
