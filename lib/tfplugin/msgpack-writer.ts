/** Writes MessagePack, each value in its shortest form, as far as Terraform values need it. */
export class MsgpackWriter {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;

  nil(): void {
    this.octet(0xc0);
  }

  boolean(value: boolean): void {
    this.octet(value ? 0xc3 : 0xc2);
  }

  /** An integer between -2^53 and 2^53. */
  integer(value: number): void {
    if (value >= 0) this.positive(value);
    else this.negative(value);
  }

  string(value: string): void {
    const size = Buffer.byteLength(value, "utf8");
    if (size < 32) this.octet(0xa0 + size);
    else this.sized(size, 0xd9, 0xda, 0xdb);
    this.reserve(size);
    this.length += this.buffer.write(value, this.length, "utf8");
  }

  bytes(value: Uint8Array): void {
    this.sized(value.length, 0xc4, 0xc5, 0xc6);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** To be followed by `size` values. */
  arrayHeader(size: number): void {
    if (size < 16) this.octet(0x90 + size);
    else this.sized(size, undefined, 0xdc, 0xdd);
  }

  /** To be followed by `size` pairs of a string and a value. */
  mapHeader(size: number): void {
    if (size < 16) this.octet(0x80 + size);
    else this.sized(size, undefined, 0xde, 0xdf);
  }

  /** An extension of type 0 with one octet that nobody reads: Terraform's unknown value. */
  unknown(): void {
    this.octet(0xd4);
    this.octet(0);
    this.octet(0);
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private positive(value: number): void {
    if (value < 0x80) this.octet(value);
    else if (value <= 0xffffffff) this.sized(value, 0xcc, 0xcd, 0xce);
    else {
      this.octet(0xcf);
      this.reserve(8);
      this.length = this.buffer.writeBigUInt64BE(BigInt(value), this.length);
    }
  }

  private negative(value: number): void {
    if (value >= -0x20) this.octet(0x100 + value);
    else if (value >= -0x80000000) {
      this.octet(0xd2);
      this.reserve(4);
      this.length = this.buffer.writeInt32BE(value, this.length);
    } else {
      this.octet(0xd3);
      this.reserve(8);
      this.length = this.buffer.writeBigInt64BE(BigInt(value), this.length);
    }
  }

  /** The code for the shortest field that holds `size`, and the field. */
  private sized(size: number, octetCode: number | undefined, shortCode: number, longCode: number): void {
    if (octetCode !== undefined && size <= 0xff) {
      this.octet(octetCode);
      this.octet(size);
    } else if (size <= 0xffff) {
      this.octet(shortCode);
      this.reserve(2);
      this.length = this.buffer.writeUInt16BE(size, this.length);
    } else {
      this.octet(longCode);
      this.reserve(4);
      this.length = this.buffer.writeUInt32BE(size, this.length);
    }
  }

  private octet(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** Makes room for `size` octets. To be called before `this.buffer` is used: it may be another one afterwards. */
  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
  }
}
