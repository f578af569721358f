import { createHash } from "node:crypto";
import { crc32c } from "@node-rs/crc32";
import { crc32cBase64 } from "./crc32c";
import type { Digests } from "./object-store";

/** Takes bytes piece by piece and ends with everything one pass tells. */
export interface Digester {
  update(piece: Uint8Array): void;
  finish(): Digests;
}

export function createDigester(): Digester {
  const sha256 = createHash("sha256");
  const sha512 = createHash("sha512");
  let crc = 0;
  let size = 0;
  return {
    update(piece) {
      sha256.update(piece);
      sha512.update(piece);
      crc = crc32c(piece, crc);
      size += piece.length;
    },
    finish: () => ({ size, sha256: sha256.digest("hex"), sha512: sha512.digest("hex"), crc32c: crc32cBase64(crc) }),
  };
}
