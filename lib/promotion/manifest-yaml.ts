import { resolvesToString } from "../model/yaml-1-1";

/** A name and the SHA-256 of its bytes, before it stands anywhere. */
export interface HashedFile {
  readonly name: string;
  readonly sha256: string;
}

/** Where kpromo's YAML library begins to look for a space at which it can fold a line. */
const BEST_WIDTH = 80;

/** Continuation lines of a scalar inside `- name:` stand four columns in. */
const CONTINUATION = "\n    ";

/**
 * The text of a manifest, byte for byte as `kpromo manifest files` writes it (sigs.k8s.io/yaml 1.6, that is
 * go.yaml.in/yaml/v2 with its YAML 1.1 rules), so that switching tools shows no difference in any review.
 */
export function manifestText(files: readonly HashedFile[]): string {
  if (files.length === 0) return "{}\n";
  return `files:\n${files.map((file) => lineText(file)).join("")}`;
}

/** One item of `files`, with `indent` before its dash. */
export function lineText({ name, sha256 }: HashedFile, indent = ""): string {
  const scalar = indent === "" ? yamlScalar(name, "- name: ".length) : unfolded(name);
  return `${indent}- name: ${scalar}\n${indent}  sha256: ${yamlScalar(sha256, 0)}\n`;
}

/** Folding depends on the column, which in a hand-written file is not kpromo's: there a name stays on one line. */
function unfolded(name: string): string {
  return yamlScalar(name, Number.NEGATIVE_INFINITY);
}

/** Whether a manifest can hold this name in any way: kpromo fails at some of the others, changes some and escapes the rest. */
export function isWritable(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the subject
  return !/[\u0000-\u0008\u000b\u000c\u000d-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/u.test(name);
}

function yamlScalar(text: string, column: number): string {
  if (text.includes("\n")) return literal(text) ?? doubleQuoted(text, column);
  if (!resolvesToString(text) || hasSpecial(text)) return doubleQuoted(text, column);
  if (isPlain(text)) return folded([...text], column, (next) => next !== " ");
  return `'${folded([...text.replaceAll("'", "''")], column + 1, (next) => next !== " " && next !== undefined)}'`;
}

/** Tabs and everything beyond the basic plane count as unprintable there. */
function hasSpecial(text: string): boolean {
  return /[\t\u{10000}-\u{10ffff}]/u.test(text);
}

function isPlain(text: string): boolean {
  return !(
    /^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?=[ \t]|$)| )/.test(text) ||
    / $/.test(text) ||
    /:([ \t]|$)|[ \t]#/.test(text)
  );
}

/** Breaks the line at single spaces once it has grown past the best width. */
function folded(characters: readonly string[], start: number, mayFold: (next: string | undefined) => boolean): string {
  let out = "";
  let column = start;
  let afterSpace = false;
  for (const [index, character] of characters.entries()) {
    const isSpace = character === " ";
    if (isSpace && !afterSpace && column > BEST_WIDTH && index > 0 && mayFold(characters[index + 1])) {
      out += CONTINUATION;
      column = CONTINUATION.length - 1;
    } else {
      out += character;
      column += 1;
    }
    afterSpace = isSpace;
  }
  return out;
}

function doubleQuoted(text: string, start: number): string {
  const characters = [...text];
  let out = '"';
  let column = start + 1;
  let afterSpace = false;
  for (const [index, character] of characters.entries()) {
    const isSpace = character === " ";
    let piece = escaped(character);
    if (isSpace && !afterSpace && column > BEST_WIDTH && index > 0 && index < characters.length - 1) {
      // An escaped space after the fold keeps the spaces that a reader would otherwise drop.
      piece = characters[index + 1] === " " ? `${CONTINUATION}\\` : CONTINUATION;
      column = piece.length - 1;
    } else {
      column += piece.length;
    }
    out += piece;
    afterSpace = isSpace;
  }
  return `${out}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '"' || character === "\\") return `\\${character}`;
  if (character === "\t") return "\\t";
  if (character === "\n") return "\\n";
  if (character === "\u00a0") return character;
  return code > 0xffff ? `\\U${code.toString(16).toUpperCase().padStart(8, "0")}` : character;
}

/** A block scalar, which is what a name with line feeds becomes; undefined where YAML does not allow one. */
function literal(text: string): string | undefined {
  if (hasSpecial(text) || / (\n|$)/.test(text)) return undefined;
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const chomp = !text.endsWith("\n") ? "-" : text === "\n" || text.endsWith("\n\n") ? "+" : "";
  const body = text.replace(/\n$/, "").split("\n");
  return `|${hint}${chomp}${body.map((line) => (line === "" ? "\n" : `${CONTINUATION}${line}`)).join("")}`;
}
