"use strict";
const Sequencer = require("@jest/test-sequencer").default;

/** Begins with the tests that run Terraform: the longest one, started last, would keep one processor idle at the end. */
class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (/\/e2e\/(main-job|cdktf)\.test/.test(path) ? 0 : path.includes("/e2e/") ? 1 : 2);
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = LongestFirst;
