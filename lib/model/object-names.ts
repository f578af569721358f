import type { Problem } from "./problem";
import { quote } from "./suggest";

/** Cloud Storage and S3 take object names of at most 1,024 bytes of UTF-8. */
export const MAX_OBJECT_NAME_BYTES = 1024;

const RULE = "manifest/name";
const OTHER_NAME = "Choose another name, in the bucket as well.";

/** Invisible or direction-changing characters: two names that look alike must not differ. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u2800]/u;

/** Spaces that look like the one of the keyboard and are another. */
const ODD_SPACE = /(?! )\p{Zs}/u;

/** What would read as a separator, or as nothing that can be seen, once an address is decoded. */
const ENCODED = /%([01][0-9a-f]|2[35ef]|3f|5c|7f)/i;

/** Names that are fine at a glance: the common case costs one regular expression. */
const PLAIN = /^[A-Za-z0-9_+~@=,-][A-Za-z0-9._+~@=,-]*(\/[A-Za-z0-9_+~@=,-][A-Za-z0-9._+~@=,-]*)*$/;

/** What is wrong with a file's name as a manifest gives it, relative to the filestores' prefixes. */
export function objectNameProblem(name: string): Problem | undefined {
  if (name.length <= MAX_OBJECT_NAME_BYTES && PLAIN.test(name) && !name.startsWith(".")) return undefined;
  return unusualNameProblem(name);
}

/** How many bytes of UTF-8 a text takes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x800) bytes += unit >= 0xd800 && unit < 0xe000 ? 1 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

function unusualNameProblem(name: string): Problem | undefined {
  if (name === "") return { what: "the name is empty", repair: "Write the path of a file.", rule: RULE };
  // Before anything else is said about it: a hostile name may be megabytes long.
  const bytes = utf8Length(name);
  if (bytes > MAX_OBJECT_NAME_BYTES) {
    return {
      what: `the name ${quote(name)} takes ${bytes} bytes, an object's name has at most ${MAX_OBJECT_NAME_BYTES}`,
      repair: "Shorten it, in the bucket as well.",
      rule: RULE,
    };
  }
  return characterProblem(name) ?? segmentProblem(name);
}

function characterProblem(name: string): Problem | undefined {
  const shown = quote(name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) {
    return { what: `the name ${shown} holds a control character`, repair: OTHER_NAME, rule: RULE };
  }
  if (UNSEEN.test(name)) {
    return { what: `the name ${shown} holds an invisible character`, repair: OTHER_NAME, rule: RULE };
  }
  if (ODD_SPACE.test(name)) {
    return {
      what: `the name ${shown} holds a space that is not the usual one`,
      repair: "Two such names look the same and are different objects. Use the usual space, in the bucket as well.",
      rule: RULE,
    };
  }
  if (/[\p{Surrogate}\p{Noncharacter_Code_Point}]/u.test(name))
    return { what: `the name ${shown} is not valid Unicode`, repair: OTHER_NAME, rule: RULE };
  if (name.normalize("NFC") !== name) {
    return {
      what: `the name ${shown} is not in Unicode's composed form (NFC)`,
      repair: `Two such names look the same and are different objects. Write ${quote(name.normalize("NFC"))} in composed form, in the bucket as well.`,
      rule: RULE,
    };
  }
  if (name.includes("\\")) {
    return {
      what: `the name ${shown} holds a backslash`,
      repair: writeInstead(name.replace(/[\\/]+/g, "/").replace(/^\/|\/$/g, "")),
      rule: RULE,
    };
  }
  if (ENCODED.test(name)) {
    return {
      what: `the name ${shown} holds a percent-encoded separator or control character`,
      repair: writeInstead(name.replace(new RegExp(ENCODED, "gi"), decodeURIComponent)),
      rule: RULE,
    };
  }
  if (/[*?[\]#]/.test(name)) {
    return {
      what: `the name ${shown} holds one of * ? [ ] #, which download tools read as patterns or as the end of an address`,
      repair: OTHER_NAME,
      rule: RULE,
    };
  }
  if (name !== name.trim()) {
    return { what: `the name ${shown} begins or ends with a space`, repair: OTHER_NAME, rule: RULE };
  }
  return undefined;
}

function writeInstead(name: string): string {
  return objectNameProblem(name) === undefined ? `Names are taken as written: write ${quote(name)}.` : OTHER_NAME;
}

function segmentProblem(name: string): Problem | undefined {
  const shown = quote(name);
  if (/^[a-z][a-z0-9]*:\/\//i.test(name)) {
    return {
      what: `the name ${shown} is a URL, expected a path below the filestore's base`,
      repair: "Write only what follows the base.",
      rule: RULE,
    };
  }
  if (name.startsWith("/")) {
    return {
      what: `the name ${shown} begins with a slash`,
      repair: `Names are relative to the filestore's base: write ${quote(name.replace(/^\/+/, ""))}.`,
      rule: RULE,
    };
  }
  if (name.endsWith("/")) {
    const repair = "Folders are not copied as such: list each file.";
    return { what: `the name ${shown} ends with a slash, expected a file`, repair, rule: RULE };
  }
  const segments = name.split("/");
  if (segments.includes("")) {
    return {
      what: `the name ${shown} holds an empty path segment ("//")`,
      repair: `Did you mean ${quote(segments.filter((segment) => segment !== "").join("/"))}?`,
      rule: RULE,
    };
  }
  const dots = segments.find((segment) => segment === "." || segment === "..");
  if (dots !== undefined) {
    const repair = "Names are taken as written and lead nowhere else: write the path without it.";
    return { what: `the name ${shown} holds the path segment "${dots}"`, repair, rule: RULE };
  }
  if (name.startsWith(".well-known/acme-challenge/")) {
    return {
      what: `the name ${shown} begins with ".well-known/acme-challenge/", which Cloud Storage refuses`,
      repair: OTHER_NAME,
      rule: RULE,
    };
  }
  return undefined;
}
