#!/usr/bin/env node
// npm copies this file into node_modules/@artifacts/cdktf, and links `cdktf` to it: see docs/decisions/0023.
"use strict";
require("../../../bin/cdktf.cjs");
