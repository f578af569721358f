import { type Base, parseBase } from "../model/filestore-base";
import type { Filestore } from "../model/filestores";
import type { PromotionRequest } from "../promotion/types";
import type { PromotionConfig } from "./promotion-schema";

/** The engine's words for some of a resource's files. */
export function promotionRequest(config: PromotionConfig, names: readonly string[]): PromotionRequest {
  const manifest = config.manifest ?? "the configuration";
  const at = { file: manifest, line: 1, column: 1 };
  const directory = manifest.split("/").at(-2) ?? "";
  const filestore = (base: string, more: Partial<Filestore>): Filestore => ({
    base,
    ...knownBase(base),
    source: false,
    at,
    ...more,
  });
  const { service_account: serviceAccount, distrust_records: isPushedTo, retired_sources: retired = {} } = config;
  const destination = filestore(config.destination, serviceAccount === undefined ? {} : { serviceAccount });
  return {
    directories: [
      {
        filestores: {
          name: directory,
          file: manifest,
          source: filestore(config.source, { source: true }),
          destinations: [destination],
        },
        manifests: [
          {
            directory,
            file: manifest,
            lines: names.map((name) => ({ name, sha256: config.files[name] ?? "", at })),
          },
        ],
        ...(isPushedTo && { pushedTo: new Set([destination.bucket]) }),
        retired: Object.entries(retired).map(([base, since]) => ({ base, ...knownBase(base), since })),
      },
    ],
  };
}

function knownBase(text: string): Base {
  const base = parseBase(text);
  if (base === undefined) throw new Error(`${text}: expected gs://BUCKET/PREFIX/ or s3://BUCKET/PREFIX/`);
  return base;
}
