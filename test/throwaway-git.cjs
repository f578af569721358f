// Before all tests, whose repositories are their own: git knows nothing of the one that they run in, nor of whoever runs them.
"use strict";
const { throwawayGit } = require("../dist/sandbox/demo/throwaway-git.js");

module.exports = () => {
  const own = throwawayGit(process.env);
  for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name];
  Object.assign(process.env, own);
};
