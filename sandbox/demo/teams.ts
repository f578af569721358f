import { CloudUser } from "./cloud-user";
import { manifestLines, releasedBytes } from "./release";

/** Who pushes what a filestore directory of this repository's estate promotes, and where to. */
export interface Team {
  readonly directory: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly member: string;
}

export const LATHE: Team = {
  directory: "oss-staging-lathe",
  bucket: "oss-staging-lathe",
  prefix: "releases/",
  member: "user:alice@example.org",
};

export const QUILL: Team = {
  directory: "oss-staging-quill",
  bucket: "oss-quill-candidates",
  prefix: "quill/",
  // A member through a nested group.
  member: "user:emre@example.com",
};

/** Pushes the files of all manifests to staging, each as a member of its team. Returns how many. @throws if one is refused */
export async function pushReleases(inputs: string, sandboxUrl: string): Promise<number> {
  let count = 0;
  for (const { directory, bucket, prefix, member } of [LATHE, QUILL]) {
    const user = new CloudUser(member, sandboxUrl);
    for (const { name } of manifestLines(inputs, directory)) {
      const status = await user.push(bucket, prefix + name, releasedBytes(directory, name));
      expectStatus(status, 200, `${member} pushes gs://${bucket}/${prefix}${name}`);
      count += 1;
    }
  }
  return count;
}

/** @throws if `status` is another one */
export function expectStatus(status: number, expected: number, what: string): void {
  if (status !== expected) throw new Error(`${what}: expected HTTP ${expected}, the service answered ${status}`);
}
