import type { Position } from "../diagnostics";

/** One file of a release: a line of a manifest. */
export interface ManifestLine {
  /** Relative to the filestores' prefixes; NFC, no `..`, no leading `/`, at most 1,024 bytes with its prefix. */
  readonly name: string;

  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;

  readonly at: Position;
}

/** A YAML file under `manifests/<directory>/`, usually one release. */
export interface Manifest {
  /** The filestore directory it belongs to, e.g. `k8s-staging-kops`. */
  readonly directory: string;

  /** Path relative to the root of the inputs, e.g. `manifests/k8s-staging-kops/1.36.2.yaml`. */
  readonly file: string;

  /** May be empty: zero files is legal. */
  readonly lines: readonly ManifestLine[];
}
