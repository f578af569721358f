import { destinationUrl } from "./failures";
import type { LineTarget } from "./types";

/** The lines that want an object in one place; `other` is set once two of them want different bytes. */
interface Claim {
  readonly first: LineTarget;
  readonly rivals: LineTarget[];
}

/** For a line that shares its destination with one that wants other bytes: that other line. */
export type FindRival = (target: LineTarget) => LineTarget | undefined;

/** Finds lines, in whichever manifests and directories, that want different bytes under one destination name. */
export function findConflicts(targets: readonly LineTarget[]): FindRival {
  const claims = new Map<string, Claim>();
  for (const target of targets) {
    const url = destinationUrl(target);
    const claim = claims.get(url);
    if (claim === undefined) claims.set(url, { first: target, rivals: [] });
    else if (claim.first.line.sha256 !== target.line.sha256) claim.rivals.push(target);
  }
  const contested = new Map([...claims].filter(([, { rivals }]) => rivals.length > 0));
  return (target) => {
    const claim = contested.size === 0 ? undefined : contested.get(destinationUrl(target));
    if (claim === undefined) return undefined;
    return claim.first.line.sha256 === target.line.sha256 ? claim.rivals[0] : claim.first;
  };
}
