import type { Construct } from "constructs";
import { artifactsPlugin, useLocalPlugins } from "../lib/constructs/artifacts-plugin";
import { ArtifactsPromotion, ArtifactsProvider } from "../lib/constructs/artifacts-provider";
import { promotionKey } from "../lib/model/address-keys";
import type { FilestoreDirectory } from "../lib/model/filestores";
import type { Manifest } from "../lib/model/manifests";
import { EstateStack } from "./estate-stack";
import type { Platform } from "./platform";

export interface PromoteStackProps {
  readonly directory: FilestoreDirectory;

  /** Those of this directory. None is legal: the first manifest comes later. */
  readonly manifests: readonly Manifest[];

  /** Buckets that others than promoters write to. @default - none */
  readonly pushable?: ReadonlySet<string>;
}

/** Everything that one filestore directory publishes: a promotion for each manifest and destination. */
export class PromoteStack extends EstateStack {
  constructor(scope: Construct, { directory, manifests, pushable }: PromoteStackProps, platform: Platform) {
    super(scope, promoteStackName(directory.name), platform);
    new ArtifactsProvider(this);
    useLocalPlugins(this, [artifactsPlugin]);
    for (const manifest of manifests) {
      for (const destination of directory.destinations) {
        new ArtifactsPromotion(this, promotionKey(manifest.file, destination), {
          source: directory.source.base,
          destination: destination.base,
          files: Object.fromEntries(manifest.lines.map(({ name, sha256 }) => [name, sha256])),
          manifest: manifest.file,
          ...(pushable?.has(destination.bucket) ? { distrustRecords: true } : {}),
          ...(destination.serviceAccount === undefined ? {} : { serviceAccount: destination.serviceAccount }),
        });
      }
    }
  }
}

export function promoteStackName(directory: string): string {
  return `promote-${directory}`;
}
