import type { ManifestLine } from "../model/manifests";
import { objectNameProblem } from "../model/object-names";

/*
 * A manifest of the usual form is read line by line, some thirty times as fast as by the YAML parser. Whatever is not of
 * that form, or holds a mistake, is left to the parser, which then also says what is wrong. Both read the same lines at
 * the same places: test/config/manifest-scan.test.ts compares them.
 */
const IGNORED = /^[ ]*(#.*)?$/;
const FILES = /^files:[ ]*( #.*)?$/;
const NAME = /^( *)- name: +(?:"([\w./+~@=,-]+)"|'([\w./+~@=,-]+)'|([\w][\w./+~@=,-]*))(?: +#.*| *)$/;
const SHA256 = /^( +)sha256: +(["']?)([0-9a-f]{64})\2(?: +#.*| *)$/;

/** Texts that YAML, or older YAML, reads as numbers, booleans or nothing when they stand without quotes. */
const NOT_TEXT = /^(?:[-+]?\.?\d[\da-fox_.+-]*|null|true|false|yes|no|on|off|[yn~])$/i;

/** The lines of a manifest of the usual form; for every other text, the number of the first line that is not of it. */
export function scanManifest(file: string, text: string): readonly ManifestLine[] | number {
  const lines: ManifestLine[] = [];
  let number = 0;
  let hasFiles = false;
  let indent: number | undefined;
  let pending: { readonly name: string; readonly line: number } | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const row = text.slice(start, end > start && text[end - 1] === "\r" ? end - 1 : end);
    start = end + 1;
    number += 1;
    if (IGNORED.test(row)) continue;
    if (!hasFiles) {
      if (!FILES.test(row)) return number;
      hasFiles = true;
      continue;
    }
    if (pending === undefined) {
      const [, spaces = "", double, single, plain] = NAME.exec(row) ?? [];
      const name = double ?? single ?? plain;
      indent ??= spaces.length;
      if (name === undefined || spaces.length !== indent) return number;
      if (plain !== undefined && NOT_TEXT.test(plain)) return number;
      if (objectNameProblem(name) !== undefined) return number;
      pending = { name, line: number };
      continue;
    }
    const [, spaces = "", quote, sha256] = SHA256.exec(row) ?? [];
    if (sha256 === undefined || spaces.length !== (indent ?? 0) + 2) return number;
    // Without quotes, digits alone or with one "e" are a number to YAML.
    if (quote === "" && !/[abcdf]/.test(sha256)) return number;
    lines.push({ name: pending.name, sha256, at: { file, line: pending.line, column: spaces.length + 1 } });
    pending = undefined;
  }
  return pending === undefined && lines.length > 0 ? lines : number;
}
