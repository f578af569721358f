/** Control characters, characters that turn the direction of what follows, and bytes that are no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/g;

/** What keeps the name of a file from being shown as it is. */
export function unshowable(name: string): string | undefined {
  const [found] = name.match(UNSHOWABLE) ?? [];
  if (found === undefined) return undefined;
  return found === "\ufffd" ? "bytes that are not UTF-8" : `the control character U+${hexadecimal(found)}`;
}

/** The name with what can not be shown written out. */
export function showPlainly(name: string): string {
  return name.replace(UNSHOWABLE, (character) => `\\u${hexadecimal(character).toLowerCase()}`);
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}
