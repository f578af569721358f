import { type TerraformMetaArguments, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { artifactsPlugin } from "./artifacts-plugin";
import { ArtifactsResource } from "./artifacts-resource";

/** The `artifacts` provider of a stack. Its plugin is installed by `useLocalPlugins`. */
export class ArtifactsProvider extends TerraformProvider {
  constructor(scope: Construct, id = "artifacts") {
    super(scope, id, {
      terraformResourceType: "artifacts",
      terraformGeneratorMetadata: { providerName: "artifacts", providerVersionConstraint: artifactsPlugin.version },
      terraformProviderSource: artifactsPlugin.source,
    });
  }
}

export interface ArtifactsPromotionConfig extends TerraformMetaArguments {
  /** Base of the source filestore, e.g. `gs://k8s-staging-kops/releases/`. */
  readonly source: string;

  /** Base of one destination filestore. */
  readonly destination: string;

  /** The promotion acts as this service account. @default - as whoever runs Terraform */
  readonly serviceAccount?: string;

  /** sha256 by name relative to both bases: one line of the plan per file. */
  readonly files: Readonly<Record<string, string>>;

  /** Path of the manifest that lists the files; noted on each published object. */
  readonly manifest?: string;

  /** Others than promoters write to the destination: its objects' records are not believed. @default - they are */
  readonly distrustRecords?: boolean;

  /** Bases in the source whose projects are retired, each with its day: nothing new comes from there. @default - none */
  readonly retiredSources?: Readonly<Record<string, string>>;

  /** Commit of the inputs; noted on each published object. Each other commit is an update of the resource. */
  readonly commit?: string;
}

/** The files of one manifest in one destination. */
export class ArtifactsPromotion extends ArtifactsResource {
  static readonly tfResourceType = "artifacts_promotion";

  constructor(scope: Construct, id: string, config: ArtifactsPromotionConfig) {
    super(scope, id, ArtifactsPromotion.tfResourceType, config, {
      source: config.source,
      destination: config.destination,
      service_account: config.serviceAccount,
      files: config.files,
      manifest: config.manifest,
      commit: config.commit,
      distrust_records: config.distrustRecords,
      retired_sources: config.retiredSources,
    });
  }
}

export interface ArtifactsGroupConfig extends TerraformMetaArguments {
  /** Address of the group. */
  readonly email: string;

  readonly name: string;
  readonly description: string;

  /** The settings that are managed, as the Groups Settings API spells keys and values. */
  readonly settings: Readonly<Record<string, string>>;

  /** True removes members that are not listed; false removes only unlisted owners and managers. */
  readonly reconcileMembers: boolean;

  readonly owners: readonly string[];
  readonly managers: readonly string[];
  readonly members: readonly string[];

  /** Exactly these. @default - aliases are not managed */
  readonly aliases?: readonly string[];

  /** How far its retirement has come; `deleted` deletes the group. @default - in use */
  readonly retired?: "closed" | "deleted";

  /** What happens to the group when the resource goes. @default "FORGET" */
  readonly deletionPolicy?: "FORGET" | "DELETE";
}

/** One Google Group with its settings and all its members. */
export class ArtifactsGroup extends ArtifactsResource {
  static readonly tfResourceType = "artifacts_group";

  constructor(scope: Construct, id: string, config: ArtifactsGroupConfig) {
    super(scope, id, ArtifactsGroup.tfResourceType, config, {
      email: config.email,
      name: config.name,
      description: config.description,
      settings: config.settings,
      reconcile_members: config.reconcileMembers,
      owners: config.owners,
      managers: config.managers,
      members: config.members,
      aliases: config.aliases,
      retired: config.retired,
      deletion_policy: config.deletionPolicy,
    });
  }
}
