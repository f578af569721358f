/** What the next value of a message is. Only integers beyond 2^53 come as `bigint`. */
export type MsgpackToken =
  | { readonly kind: "nil" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number | bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "array" | "map"; readonly size: number }
  | { readonly kind: "extension"; readonly type: number };

/** Reads MessagePack, value by value; arrays and maps give their size, and their elements follow. */
export class MsgpackReader {
  private readonly buffer: Buffer;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): MsgpackToken {
    const code = this.unsigned(1);
    if (code < 0x80) return { kind: "number", value: code };
    if (code < 0x90) return { kind: "map", size: code - 0x80 };
    if (code < 0xa0) return { kind: "array", size: code - 0x90 };
    if (code < 0xc0) return this.text(code - 0xa0);
    if (code >= 0xe0) return { kind: "number", value: code - 0x100 };
    return this.coded(code);
  }

  private coded(code: number): MsgpackToken {
    switch (code) {
      case 0xc0:
        return { kind: "nil" };
      case 0xc2:
      case 0xc3:
        return { kind: "boolean", value: code === 0xc3 };
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return { kind: "bytes", value: this.take(this.unsigned(2 ** (code - 0xc4))) };
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.unsigned(2 ** (code - 0xc7)));
      case 0xca:
        return { kind: "number", value: this.take(4).readFloatBE() };
      case 0xcb:
        return { kind: "number", value: this.take(8).readDoubleBE() };
      case 0xcc:
      case 0xcd:
      case 0xce:
        return { kind: "number", value: this.unsigned(2 ** (code - 0xcc)) };
      case 0xcf:
        return { kind: "number", value: narrow(this.take(8).readBigUInt64BE()) };
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 2 ** (code - 0xd0);
        return { kind: "number", value: this.take(size).readIntBE(0, size) };
      }
      case 0xd3:
        return { kind: "number", value: narrow(this.take(8).readBigInt64BE()) };
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(2 ** (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.text(this.unsigned(2 ** (code - 0xd9)));
      case 0xdc:
      case 0xdd:
        return { kind: "array", size: this.unsigned(code === 0xdc ? 2 : 4) };
      case 0xde:
      case 0xdf:
        return { kind: "map", size: this.unsigned(code === 0xde ? 2 : 4) };
      default:
        throw new Error(`msgpack: the code 0x${code.toString(16)} has no meaning`);
    }
  }

  private text(size: number): MsgpackToken {
    return { kind: "string", value: this.take(size).toString("utf8") };
  }

  private extension(size: number): MsgpackToken {
    const type = this.unsigned(1);
    this.take(size);
    return { kind: "extension", type };
  }

  private unsigned(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  private take(size: number): Buffer {
    const end = this.offset + size;
    if (end > this.buffer.length) throw new Error("msgpack: the message ends inside a value");
    const taken = this.buffer.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
