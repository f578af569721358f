"use strict";

/** A jest reporter that ends the run with one plain line: `N passed, N failed`. A suite that could not run counts as failed. */
class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`);
  }
}

module.exports = ClosingLine;
