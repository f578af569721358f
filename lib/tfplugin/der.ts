// Distinguished Encoding Rules, as far as a certificate needs them: a tag, a length, a content.

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return element(0x30, Buffer.concat(items));
}

export function set(...items: readonly Uint8Array[]): Buffer {
  return element(0x31, Buffer.concat(items));
}

/** A non-negative integer given by its octets, most significant first. */
export function integer(octets: Uint8Array): Buffer {
  const negative = ((octets[0] ?? 0) & 0x80) !== 0;
  return element(0x02, negative ? Buffer.concat([Buffer.of(0), octets]) : octets);
}

/** An object identifier in its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, "utf8"));
}

/** A moment between 2000 and 2049, to the second. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, "");
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`, "ascii"));
}

export function bitString(octets: Uint8Array): Buffer {
  return element(0x03, Buffer.concat([Buffer.of(0), octets]));
}

export function octetString(octets: Uint8Array): Buffer {
  return element(0x04, octets);
}

/** `[number]` of a specification: wraps (`constructed`) or retags a value. */
export function contextTag(number: number, content: Uint8Array, kind: "constructed" | "primitive"): Buffer {
  return element((kind === "constructed" ? 0xa0 : 0x80) + number, content);
}

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.of(size);
  const octets: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.from([0x80 + octets.length, ...octets]);
}

function base128(value: number): readonly number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift((rest % 128) + 128);
  return octets;
}
