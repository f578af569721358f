import { withQuickResolution } from "./quick-resolution";

/** Runs `build`, which makes and synthesizes stacks, without what CDKTF does for nothing that we use. */
export function quickly<T>(build: () => T): T {
  return withoutValueTraces(() => withQuickResolution(build));
}

/**
 * Runs `build` while CDKTF can't record where each of its values was made. It records a full stack trace for every
 * reference, dependency and nested block, used or not: a third of the time of a synth. Errors keep their own traces.
 */
function withoutValueTraces<T>(build: () => T): T {
  const captureStackTrace = Error.captureStackTrace;
  Error.captureStackTrace = () => {};
  try {
    return build();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}
