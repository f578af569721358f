/** A CRC32C as Cloud Storage writes it: base64 of the four bytes, most significant first. */
export function crc32cBase64(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}
