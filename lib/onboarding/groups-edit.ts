import { isMap, type Node } from "yaml";
import { localPartOf } from "../model/principals";
import { EditRefused } from "./plan-types";
import { entryBefore, kinOf } from "./sorted-place";
import { insertLines, removeLines, splitLines, type TextLines } from "./text-lines";
import { type PlacedEntry, YamlPlaces } from "./yaml-places";
import { yamlText } from "./yaml-text";

export interface GroupEntry {
  readonly email: string;
  readonly description: string;
  readonly members: readonly string[];
}

/** Adds a group behind the last one that sorts before it, or makes the file. Every other byte stays. */
export function addGroup(file: string, text: string | undefined, group: GroupEntry): string {
  if (text === undefined) return `${MADE}${entryLines(group, 2).join("\n")}\n`;
  const places = new YamlPlaces(file, text);
  const opened = places.opened("groups");
  if (opened !== text) return addGroup(file, opened, group);
  const seq = places.seq("groups");
  const groupsLine = places.keyLine("groups");
  if (groupsLine === undefined) {
    throw new EditRefused(file, "groups: is missing", "Write `groups:` and one `- email-id:` per group.");
  }
  const lines = splitLines(text);
  if (seq === undefined) return insertLines(lines, groupsLine + 1, entryLines(group, 2));
  const items = places.seqItems(seq, emailOf);
  const indent = items[0]?.indent ?? 2;
  const kin = kinOf(items, group.email);
  const previous = entryBefore(kin, group.email);
  const isSpaced = items.length < 2 || items.some((item, index) => hasEmptyLine(lines, items[index - 1], item));
  const added = entryLines(group, indent);
  // What stands before the first of a section speaks of the section.
  const first = kin[0] === items[0] ? groupsLine + 1 : (kin[0]?.firstLine ?? groupsLine + 1);
  if (previous === undefined) return insertLines(lines, first, isSpaced ? [...added, ""] : added);
  // An empty line at the end of an entry is text of its own (`|+`), and one more would be, too.
  const isApart = lines.lines[previous.endLine - 1]?.trim() === "";
  return insertLines(lines, previous.endLine, isSpaced && !isApart ? ["", ...added] : added);
}

/** Takes a group out, with the empty line that set it apart. Undefined: `addGroup` made the file, and it goes. */
export function removeGroup(file: string, text: string, email: string): string | undefined {
  const places = new YamlPlaces(file, text);
  const seq = places.seq("groups");
  const items = seq === undefined ? [] : places.seqItems(seq, emailOf);
  const item = items.find(({ name }) => name === email);
  if (item === undefined)
    throw new EditRefused(file, `${email}: is not declared here`, "There is nothing to take out.");
  places.requireUnshared(item);
  const lines = splitLines(text);
  if (items.length === 1) return withoutGroups(removeLines(lines, item.firstLine, item.endLine));
  const textEnd = items[items.indexOf(item) - 1]?.endLine ?? 0;
  const isEmpty = (line: number): boolean => line >= textEnd && lines.lines[line]?.trim() === "";
  // As `addGroup` writes it; others may hold spaces, and stay.
  const isAdded = (line: number): boolean => lines.lines[line] === lines.lineEnd;
  const before = item.firstLine - 1;
  const isFollowed = isEmpty(item.endLine) && item !== items.at(-1);
  if (item === items[0] || (isFollowed && (!isEmpty(before) || (!isAdded(before) && isAdded(item.endLine)))))
    return removeLines(lines, item.firstLine, isEmpty(item.endLine) ? item.endLine + 1 : item.endLine);
  return removeLines(lines, isEmpty(before) ? before : item.firstLine, item.endLine);
}

/** How a file begins that `addGroup` makes, so that it is told from one that was there without groups. */
const MADE = "# The Google Groups of this folder. Made by artifacts onboard.\ngroups:\n";

/** A file whose last group was taken out: the empty list is written as most people do. */
function withoutGroups(text: string): string | undefined {
  return text === MADE ? undefined : text.replace(/^groups:(?=[ \t]*(?:#.*)?\r?$)/m, "groups: []");
}

function entryLines({ email, description, members }: GroupEntry, indent: number): readonly string[] {
  const dash = " ".repeat(indent);
  const inside = " ".repeat(indent + 2);
  return [
    `${dash}- email-id: ${email}`,
    `${inside}name: ${yamlText(localPartOf(email))}`,
    `${inside}description: |-`,
    `${inside}  ${description}`,
    `${inside}settings:`,
    `${inside}  ReconcileMembers: "true"`,
    `${inside}members:`,
    ...members.map((member) => `${inside}  - ${yamlText(member)}`),
  ];
}

function hasEmptyLine({ lines }: TextLines, from: PlacedEntry | undefined, to: PlacedEntry): boolean {
  return from !== undefined && lines.slice(from.endLine, to.firstLine).some((line) => line.trim() === "");
}

function emailOf(item: Node): string {
  return isMap(item) ? String(item.get("email-id") ?? "") : "";
}
