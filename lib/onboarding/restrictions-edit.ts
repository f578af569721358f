import { isMap, isNode, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import { compileGlob } from "../model/glob";
import { EditRefused } from "./plan-types";
import { insertLines, removeLines, splitLines } from "./text-lines";
import { type PlacedEntry, YamlPlaces } from "./yaml-places";

/**
 * Lets `path` declare a group that it may not declare yet. What already decides about the file goes on deciding about it:
 * an entry of its own before a glob that allows something would take the folder's other groups away. A glob that allows
 * nothing stays as it is for other files.
 */
export function allowGroup(file: string, text: string, path: string, email: string): string {
  const places = new YamlPlaces(text);
  const seq = places.seq("restrictions");
  if (seq === undefined || seq.flow) {
    throw new EditRefused(file, "restrictions: is not a list of one path per entry", "Write one `- path:` per entry.");
  }
  const lines = splitLines(text);
  const { items, decides, node, allowed } = decision(places, seq, path);
  const pattern = allowedPattern(email);
  if (isSeq(allowed) && allowed.flow && (allowed.items.length > 0 || decides?.name === path)) {
    return insertInFlow(text, allowed, pattern);
  }
  const last = isSeq(allowed) ? places.seqItems(allowed, textOf).at(-1) : undefined;
  if (last !== undefined) return insertLines(lines, last.endLine, [`${" ".repeat(last.indent)}- ${pattern}`]);
  const isElsewhere = isNode(allowed) && !isSeq(allowed) && !(isScalar(allowed) && allowed.value === null);
  if (decides !== undefined && (isElsewhere || (decides.name === path && isMap(node) && node.flow))) {
    const what = `the entry for "${decides.name}" is written in braces, or with an alias`;
    throw new EditRefused(
      file,
      what,
      "Write it as an indented block, its `allowedGroups:` as a list of one expression per line.",
    );
  }
  const indent = items[0]?.indent ?? 2;
  const inside = " ".repeat(indent + 2);
  const entry = [`${inside}allowedGroups:`, `${inside}  - ${pattern}`];
  if (decides?.name === path) {
    const key = isMap(node) ? places.mapEntries(node).find(({ name }) => name === "allowedGroups") : undefined;
    return insertLines(lines, (key ?? decides).endLine, key === undefined ? entry : entry.slice(1));
  }
  const at = decides?.firstLine ?? items.at(-1)?.endLine ?? lines.lines.length;
  return insertLines(lines, at, [`${" ".repeat(indent)}- path: "${path}"`, ...entry]);
}

/** The reverse of `allowGroup`: takes out what it wrote, and the entry for `path` when nothing else is left in it. */
export function disallowGroup(text: string, path: string, email: string): string {
  const places = new YamlPlaces(text);
  const seq = places.seq("restrictions");
  if (seq === undefined) return text;
  const { decides, allowed } = decision(places, seq, path);
  if (decides === undefined || !isSeq(allowed)) return text;
  const pattern = allowedPattern(email);
  if (allowed.flow) return removeFromFlow(text, allowed, pattern);
  const lines = splitLines(text);
  const patterns = places.seqItems(allowed, textOf);
  const written = patterns.find(({ firstLine }) => lines.lines[firstLine]?.trim() === `- ${pattern}`);
  if (written === undefined) return text;
  if (patterns.length === 1 && decides.name === path) return removeLines(lines, decides.firstLine, decides.endLine);
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
  return { items, decides: items[index], node, allowed: isMap(node) ? node.get("allowedGroups", true) : undefined };
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
