import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import { compileGlob } from "../model/glob";
import { insertLines, removeLines, splitLines } from "./text-lines";
import { type PlacedEntry, YamlPlaces } from "./yaml-places";

/**
 * Lets `path` declare a group that it may not declare yet. What already decides about the file goes on deciding about it:
 * an entry of its own before a glob that allows something would take the folder's other groups away. A glob that allows
 * nothing stays as it is for other files.
 */
export function allowGroup(file: string, text: string, path: string, email: string): string {
  const places = new YamlPlaces(file, text);
  const seq = places.seq("restrictions");
  if (seq === undefined || seq.flow) {
    throw places.refusal(places.keyLine("restrictions"), "restrictions: is not a list of one path per entry");
  }
  const lines = splitLines(text);
  const { items, decides, node, allowed, place } = decision(places, seq, path);
  const pattern = allowedPattern(email);
  const isShared = isAlias(allowed) || (isSeq(allowed) && allowed.anchor !== undefined && allowed.items.length > 0);
  const isInBraces = decides?.name === path && isMap(node) && node.flow && !isSeq(allowed);
  if (decides !== undefined && (isShared || isInBraces)) {
    const what = `the entry for "${decides.name}" is written in braces, or with an alias or an anchor`;
    throw places.refusal(decides.firstLine, what);
  }
  if (isSeq(allowed) && allowed.flow && (allowed.items.length > 0 || decides?.name === path)) {
    return insertInFlow(text, allowed, pattern);
  }
  const last = isSeq(allowed) ? places.seqItems(allowed, textOf).at(-1) : undefined;
  if (last !== undefined) return insertLines(lines, last.endLine, [`${" ".repeat(last.indent)}- ${pattern}`]);
  if (decides?.name === path) {
    const opened = places.opened(...place, "allowedGroups");
    if (opened !== text) return allowGroup(file, opened, path, email);
    const keys = isMap(node) ? places.mapEntries(node) : [];
    const key = keys.find(({ name }) => name === "allowedGroups");
    const indent = keys[0]?.indent ?? decides.indent + 2;
    // In brackets, so that it is not taken for an entry of our own, which goes with its group.
    const added =
      key === undefined ? [`${" ".repeat(indent)}allowedGroups: [${pattern}]`] : allowedLines(indent, pattern).slice(1);
    return insertLines(lines, (key ?? decides).endLine, added);
  }
  const at = decides?.firstLine ?? items.at(-1)?.endLine ?? lines.lines.length;
  return insertLines(lines, at, ownEntry(items[0]?.indent ?? 2, path, pattern));
}

/** An entry for one file and one group, as `allowGroup` writes it. */
function ownEntry(indent: number, path: string, pattern: string): readonly string[] {
  return [`${" ".repeat(indent)}- path: "${path}"`, ...allowedLines(indent + 2, pattern)];
}

function allowedLines(indent: number, pattern: string): readonly string[] {
  return [`${" ".repeat(indent)}allowedGroups:`, `${" ".repeat(indent)}  - ${pattern}`];
}

/** The reverse of `allowGroup`: takes out the pattern, and the entry for `path` only if it is as `allowGroup` writes one. */
export function disallowGroup(file: string, text: string, path: string, email: string): string {
  const places = new YamlPlaces(file, text);
  const seq = places.seq("restrictions");
  if (seq === undefined) return text;
  const { decides, allowed } = decision(places, seq, path);
  // A list with an anchor may be that of other files, too.
  if (decides === undefined || !isSeq(allowed) || allowed.anchor !== undefined) return text;
  const pattern = allowedPattern(email);
  if (allowed.flow) return removeFromFlow(text, allowed, pattern);
  const lines = splitLines(text);
  const patterns = places.seqItems(allowed, textOf);
  const written = patterns.find(({ firstLine }) => lines.lines[firstLine]?.trim() === `- ${pattern}`);
  if (written === undefined) return text;
  const entry = lines.lines.slice(decides.firstLine, decides.endLine).map((line) => line.trimEnd());
  if (entry.join("\n") === ownEntry(decides.indent, path, pattern).join("\n"))
    return removeLines(lines, decides.firstLine, decides.endLine);
  return removeLines(lines, written.firstLine, written.endLine);
}

/** The entry that decides about a file, which is the first that matches, and its list of expressions. */
function decision(places: YamlPlaces, seq: YAMLSeq, path: string) {
  const items: readonly PlacedEntry[] = places.seqItems(seq, pathOf);
  const index = items.findIndex(({ name }) => {
    const matches = compileGlob(name);
    return typeof matches === "function" && matches(path);
  });
  const node = seq.items[index];
  const allowed = isMap(node) ? node.get("allowedGroups", true) : undefined;
  return { items, decides: items[index], node, allowed, place: ["restrictions", String(index)] };
}

/** Puts an item behind the last one of a list like `[a, b]`. */
function insertInFlow(text: string, seq: YAMLSeq, item: string): string {
  const last = rangesOf(seq).at(-1);
  const at = last?.[1] ?? (seq.range?.[0] ?? 0) + 1;
  return text.slice(0, at) + (last === undefined ? item : `, ${item}`) + text.slice(at);
}

function removeFromFlow(text: string, seq: YAMLSeq, item: string): string {
  const ranges = rangesOf(seq);
  const index = ranges.findIndex(([start, end]) => text.slice(start, end) === item);
  const [start, end] = ranges[index] ?? [0, 0];
  const next = ranges[index + 1]?.[0];
  if (index === 0 && next !== undefined) return text.slice(0, start) + text.slice(next);
  return text.slice(0, ranges[index - 1]?.[1] ?? start) + text.slice(end);
}

function rangesOf(seq: YAMLSeq): readonly (readonly [number, number])[] {
  return (seq.items as readonly Node[]).map(({ range }) => [range?.[0] ?? 0, range?.[1] ?? 0] as const);
}

/** A pattern that matches this address and nothing else. */
function allowedPattern(email: string): string {
  return `'^${email.replace(/[.+]/g, "\\$&")}$'`;
}

function pathOf(item: Node): string {
  return isMap(item) ? String(item.get("path") ?? "") : "";
}

function textOf(item: Node): string {
  return isScalar(item) ? String(item.value) : "";
}
