import type { Base } from "./filestore-base";
import type { Retirement, StagingProject } from "./projects";

/** A place whose staging project is retired: its bucket, or its folder in a shared one. */
export interface RetiredSource extends Base, Pick<Retirement, "since" | "at"> {
  /** E.g. `gs://oss-staging-lathe/`. */
  readonly base: string;
}

/** Finds what of a source belongs to retired projects. A retirement counts from its declaration on, whatever its step. */
export function retiredSources(staging: readonly StagingProject[]): (source: Base) => readonly RetiredSource[] {
  const byBucket = new Map<string, RetiredSource[]>();
  for (const { bucket, mode, name, retired } of staging) {
    if (retired === undefined) continue;
    const { since, at } = retired;
    const prefix = mode === "shared" ? `${name}/` : "";
    const place = { base: `gs://${bucket}/${prefix}`, scheme: "gs", bucket, prefix, since, ...(at && { at }) } as const;
    const others = byBucket.get(bucket);
    if (others === undefined) byBucket.set(bucket, [place]);
    else others.push(place);
  }
  return ({ scheme, bucket, prefix: wanted }) =>
    scheme === "gs"
      ? (byBucket.get(bucket) ?? []).filter(({ prefix }) => prefix.startsWith(wanted) || wanted.startsWith(prefix))
      : [];
}

/** The retired place that a file of a source lies in. */
export function retiredPlace(
  { scheme, bucket, prefix }: Base,
  name: string,
  retired: readonly RetiredSource[],
): RetiredSource | undefined {
  return retired.find(
    (place) => place.scheme === scheme && place.bucket === bucket && `${prefix}${name}`.startsWith(place.prefix),
  );
}
