/** Whether HTTP can carry it. Metadata and requests to the control interface may hold anything; headers may not. */
export function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
