import { resolveLines } from "./resolve";
import { withRun } from "./run";
import { settle } from "./settle";
import type { Check, Promote, PromoteResolved, Resolve, Verify } from "./types";

export const resolve: Resolve = (request, options) => withRun(options, (run) => resolveLines(run, request));

export const verify: Verify = (resolution, options) => withRun(options, (run) => settle(run, resolution, "verify"));

export const promoteResolved: PromoteResolved = (resolution, options) =>
  withRun(options, (run) => settle(run, resolution, "promote"));

export const check: Check = (request, options) =>
  withRun(options, async (run) => settle(run, await resolveLines(run, request), "verify"));

export const promote: Promote = (request, options) =>
  withRun(options, async (run) => settle(run, await resolveLines(run, request), "promote"));
