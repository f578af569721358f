import { ambient, anonymous, type Identity } from "../cloud/auth";
import type { Run } from "./run";

/** Who reads a place that is no destination's source. */
export function readerOf({ options }: Run): Identity {
  return options.identity === "anonymous" ? anonymous : ambient;
}
