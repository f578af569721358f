import { createHash } from "node:crypto";
import { crc32c } from "@node-rs/crc32";
import { encodeCrc32c } from "./crc32c";

export interface Digests {
  readonly size: number;

  /** Base64, as Google shows them. */
  readonly md5Hash: string;
  readonly crc32c: string;

  /** Hexadecimal: the name of the bytes in the content store. */
  readonly sha256: string;
}

/** Computes all digests of bytes that come in pieces. */
export class Digest {
  private readonly md5 = createHash("md5");
  private readonly sha256 = createHash("sha256");
  private crc = 0;
  private length = 0;

  get size(): number {
    return this.length;
  }

  update(bytes: Buffer): void {
    this.md5.update(bytes);
    this.sha256.update(bytes);
    this.crc = crc32c(bytes, this.crc);
    this.length += bytes.length;
  }

  /** Ends the computation. */
  result(): Digests {
    return {
      size: this.length,
      md5Hash: this.md5.digest("base64"),
      crc32c: encodeCrc32c(this.crc),
      sha256: this.sha256.digest("hex"),
    };
  }
}
