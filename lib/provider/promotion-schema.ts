import type { Schema } from "../tfplugin/schema";

/** The files of one manifest in one destination. `artifacts_promotion` has no computed attribute: its state is what is published. */
export interface PromotionConfig {
  readonly source: string;
  readonly destination: string;
  readonly service_account?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly manifest?: string;
  readonly commit?: string;
  readonly distrust_records?: boolean;
  readonly retired_sources?: Readonly<Record<string, string>>;
}

export type PromotionState = PromotionConfig;

export const promotionSchema: Schema = {
  description: "Files of a staging bucket that are published, byte for byte, under another prefix.",
  attributes: {
    source: {
      type: "string",
      required: true,
      description: "Base of the source, e.g. gs://k8s-staging-kops/releases/.",
    },
    destination: { type: "string", required: true, description: "Base of the destination." },
    service_account: {
      type: "string",
      optional: true,
      description: "The copies are made as this service account; left out: as whoever runs Terraform.",
    },
    files: {
      type: ["map", "string"],
      required: true,
      description:
        "SHA-256 by name relative to both bases. A published file never changes; a line that goes is forgotten.",
    },
    manifest: { type: "string", optional: true, description: "Path of the manifest; kept with each published object." },
    commit: { type: "string", optional: true, description: "Commit of the inputs; kept with each published object." },
    distrust_records: {
      type: "bool",
      optional: true,
      description:
        "Others than promoters write to the destination, such as a staging bucket: what its objects say of themselves is not believed, their bytes are read.",
    },
    retired_sources: {
      type: ["map", "string"],
      optional: true,
      description:
        "Bases in the source whose projects are retired, each with the day since when: what lies below one and is not published fails, and is not looked at.",
    },
  },
};
