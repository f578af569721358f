import type { Position } from "../diagnostics";

/** A bucket and a prefix in a promotion; exactly one of a directory's filestores is its source. */
export interface Filestore {
  /** As written, e.g. `gs://k8s-staging-kops/kops/releases/`. */
  readonly base: string;

  readonly scheme: "gs" | "s3";

  readonly bucket: string;

  /** Empty, or ends with `/`; never starts with one. `prefix + name` is the object's name. */
  readonly prefix: string;

  readonly source: boolean;

  /** E-mail address of the service account that may write here. */
  readonly serviceAccount?: string;

  readonly at: Position;
}

/** `filestores/<name>/filepromoter-manifest.yaml`: where a subproject's files come from and where they go. */
export interface FilestoreDirectory {
  /** The directory's name, e.g. `k8s-staging-kops`; manifests stand in the directory of the same name. */
  readonly name: string;

  /** Path of the file relative to the root of the inputs. */
  readonly file: string;

  readonly source: Filestore;

  /** At least one. */
  readonly destinations: readonly Filestore[];
}
