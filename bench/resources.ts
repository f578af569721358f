// Loaded with `node --require` before a program that is measured: what it took in all, printed when it ends.
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`peak ${maxRSS} KiB, ${userCPUTime + systemCPUTime} us of processor time\n`);
});
