import type { Construct } from "constructs";
import { artifactsPlugin, useLocalPlugins } from "../lib/constructs/artifacts-plugin";
import { ArtifactsPromotion, ArtifactsProvider } from "../lib/constructs/artifacts-provider";
import { literal } from "../lib/constructs/literal";
import { promotionKey } from "../lib/model/address-keys";
import type { FilestoreDirectory } from "../lib/model/filestores";
import type { Manifest } from "../lib/model/manifests";
import type { RetiredSource } from "../lib/model/retired-sources";
import { EstateStack } from "./estate-stack";
import type { Platform } from "./platform";

export interface PromoteStackProps {
  readonly directory: FilestoreDirectory;

  /** Those of this directory. None is legal: the first manifest comes later. */
  readonly manifests: readonly Manifest[];

  /** Buckets that others than promoters write to. @default - none */
  readonly pushable?: ReadonlySet<string>;

  /** What of the source belongs to retired projects: nothing new is promoted from there. @default - nothing */
  readonly retired?: readonly RetiredSource[];

  /** Because of which nothing may be promoted, one per text: every plan of the stack fails with them. @default - none */
  readonly mistakes?: readonly string[];
}

/** Everything that one filestore directory publishes: a promotion for each manifest and destination. */
export class PromoteStack extends EstateStack {
  constructor(
    scope: Construct,
    { directory, manifests, pushable, retired = [], mistakes = [] }: PromoteStackProps,
    platform: Platform,
  ) {
    super(scope, promoteStackName(directory.name), platform);
    new ArtifactsProvider(this);
    useLocalPlugins(this, [artifactsPlugin]);
    if (mistakes.length > 0) this.refuse(mistakes);
    const retiredSources = Object.fromEntries(retired.map(({ base, since }) => [base, since]));
    for (const manifest of manifests) {
      for (const destination of directory.destinations) {
        new ArtifactsPromotion(this, promotionKey(manifest.file, destination), {
          source: directory.source.base,
          destination: destination.base,
          files: Object.fromEntries(manifest.lines.map(({ name, sha256 }) => [name, sha256])),
          manifest: manifest.file,
          ...(pushable?.has(destination.bucket) ? { distrustRecords: true } : {}),
          ...(retired.length === 0 ? {} : { retiredSources }),
          ...(destination.serviceAccount === undefined ? {} : { serviceAccount: destination.serviceAccount }),
        });
      }
    }
  }

  /** What the state holds of the directory stays as it is: Terraform applies nothing of a plan that failed. */
  private refuse(mistakes: readonly string[]): void {
    this.addOverride("locals.mistakes", literal(mistakes.join("\n")));
    this.addOverride("output.inputs", {
      value: "nothing wrong",
      precondition: [{ condition: `\${local.mistakes == ""}`, error_message: `\${local.mistakes}` }],
    });
  }
}

export function promoteStackName(directory: string): string {
  return `promote-${directory}`;
}
