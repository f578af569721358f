/** Pieces of a message, joined once at the end so that large values are copied once. */
export class Parts {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  varint(value: number): void {
    const octets: number[] = [];
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
    octets.push(rest);
    this.push(Uint8Array.from(octets));
  }

  delimited(value: Uint8Array): void {
    this.varint(value.length);
    this.push(value);
  }

  include(inner: Parts): void {
    this.varint(inner.length);
    for (const chunk of inner.chunks) this.push(chunk);
  }

  concat(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }

  private push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }
}

/** Walks over the fields of a message. */
export class Reader {
  private offset = 0;

  constructor(private readonly buffer: Uint8Array) {}

  done(): boolean {
    return this.offset >= this.buffer.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const octet = this.buffer[this.offset++];
      if (octet === undefined) throw new Error("protobuf: the message ends inside a number");
      value += (octet % 128) * scale;
      if (octet < 128) return value;
    }
  }

  delimited(): Uint8Array {
    const end = this.varint() + this.offset;
    if (end > this.buffer.length) throw new Error("protobuf: the message ends inside a field");
    const value = this.buffer.subarray(this.offset, end);
    this.offset = end;
    return value;
  }

  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.offset += 8;
    else if (wireType === 2) this.delimited();
    else if (wireType === 5) this.offset += 4;
    else throw new Error(`protobuf: wire type ${wireType} is not in use`);
  }
}
