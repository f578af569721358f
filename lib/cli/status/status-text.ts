import { abridgeDiagnostics, type Diagnostic } from "../../diagnostics";
import { type AwaitedStep, stepRepair } from "../../model/rules/retirements";
import { groupBy } from "../../promotion/group-by";
import { count, formatBytes, formatCount, printable } from "../format";
import { isFine, type StatusRow } from "./status-row";
import type { IdlePlace, Status, UrlStatus } from "./status-run";

/** For people: each manifest with what is wrong in it, or every line; idle projects; retirements; the figures. */
export function statusText(
  rows: readonly StatusRow[],
  { idle, retirements, unread }: Status,
  idleDays: number,
  isEveryLine: boolean,
): string {
  const sections = groupBy(rows, ({ manifest }) => manifest).map((own) => manifestText(own, isEveryLine));
  return printable(
    `${[...sections, unreadText(unread), idleText(idle, idleDays), retirementText(retirements), summaryText(rows, unread)].filter(Boolean).join("\n")}\n`,
  );
}

function manifestText(rows: readonly StatusRow[], isEveryLine: boolean): string {
  const manifest = rows[0]?.manifest ?? "";
  const wrong = rows.filter((row) => row.state !== "published" || !row.urls.every(isFine));
  const shown = isEveryLine ? rows : wrong;
  const dates = rows.flatMap(({ publishedAt }) => publishedAt ?? []).sort();
  const published = rows.filter(({ state }) => state === "published").length;
  const since =
    dates.length === 0
      ? ""
      : `, ${day(dates[0])}${day(dates.at(-1)) === day(dates[0]) ? "" : ` to ${day(dates.at(-1))}`}`;
  return [
    `${manifest}: ${formatCount(published)} of ${count(rows.length, "file")} published${since}`,
    ...shown.map(rowText),
  ].join("\n");
}

function day(time: string | undefined): string {
  return time?.slice(0, 10) ?? "";
}

function rowText(row: StatusRow): string {
  const { state, destination, size, publishedAt, sourceGeneration, what, urls } = row;
  const facts = [
    size === undefined ? undefined : formatBytes(size),
    publishedAt === undefined ? undefined : `published ${publishedAt}`,
    sourceGeneration === undefined ? undefined : `from generation ${sourceGeneration}`,
  ].filter(Boolean);
  const words = { unrecorded: "NOT KNOWN", staged: "NOT PUBLISHED", failed: "FAILED" };
  const word = state === "published" ? publicWord(urls) : words[state];
  const head = `  ${word} ${destination}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`;
  return [head, ...(what === undefined ? [] : [`    ${what}`]), ...urls.map((each) => urlText(each, state))].join("\n");
}

/** Of a published file, by what its addresses answer. */
function publicWord(urls: readonly UrlStatus[]): string {
  const open = urls.filter((each) => !isFine(each));
  if (open.length === 0) return "ok";
  return open.every(({ download }) => download.state === "stopped") ? "NOT KNOWN" : "NOT PUBLIC";
}

function urlText({ url, download }: UrlStatus, state: StatusRow["state"]): string {
  switch (download.state) {
    case "ok":
      return `    ${url}: ${state === "unrecorded" ? "serves what is there" : "ok"} (${download.evidence})`;
    case "not-checked":
      return `    ${url}: not checked, ${download.what}`;
    case "wrong":
    case "unreachable":
    case "stopped":
      return `    ${url}: ${download.state}, ${download.what}`;
  }
}

function unreadText(unread: readonly Diagnostic[]): string {
  if (unread.length === 0) return "";
  return ["lines that are not known, as the inputs hold mistakes:", ...abridgeDiagnostics(unread)].join("\n");
}

function idleText(idle: readonly IdlePlace[], days: number): string {
  if (idle.length === 0) return "";
  const lines = idle.map(idleLine);
  return [`staging projects without an upload for ${count(days, "day")}:`, ...lines].join("\n");
}

function idleLine({ projectId, bucket, prefix, upload }: IdlePlace): string {
  const place = prefix === "" ? `gs://${bucket}` : `gs://${bucket}/${prefix}`;
  switch (upload.state) {
    case "idle":
      return `  ${projectId}: last upload to ${place} on ${day(upload.at)}`;
    case "empty":
      return `  ${projectId}: ${place} is empty`;
    case "unknown":
      return `  ${projectId}: not known, ${upload.what}`;
    case "recent":
      return `  ${projectId}: in use`;
  }
}

function retirementText(retirements: readonly AwaitedStep[]): string {
  if (retirements.length === 0) return "";
  return ["retirements that are not over:", ...retirements.flatMap(retirementLines)].join("\n");
}

function retirementLines(awaited: AwaitedStep): readonly string[] {
  const { project, since, step, next, from, isDue } = awaited;
  const head = `  ${project.projectId}: since ${since}, step "${step}";`;
  if (!isDue) return [`${head} "${next}" from ${from} on`];
  return [`${head} "${next}" is due since ${from}`, `    once "${step}" is deployed: ${stepRepair(awaited)}`];
}

function summaryText(rows: readonly StatusRow[], unread: readonly Diagnostic[]): string {
  const having = (state: StatusRow["state"]) => rows.filter((row) => row.state === state).length;
  const urls = rows.flatMap((row) => row.urls);
  const inState = (state: UrlStatus["download"]["state"]) =>
    urls.filter(({ download }) => download.state === state).length;
  const bad = inState("wrong") + inState("unreachable");
  const byLength = rows
    .filter(({ state }) => state !== "unrecorded")
    .flatMap((row) => row.urls)
    .filter(({ download }) => download.state === "ok" && download.evidence === "length").length;
  const unchecked = inState("not-checked");
  const stopped = inState("stopped");
  const unknown = rows
    .filter(({ state }) => state === "unrecorded")
    .flatMap((row) => row.urls)
    .filter(({ download }) => download.state === "ok").length;
  const parts = [
    `${formatCount(having("published"))} of ${count(rows.length, "file")} published`,
    ...(having("unrecorded") > 0
      ? [
          `${formatCount(having("unrecorded"))} not known: nobody has read them (a dry run of npx artifacts promote does, --deep too)`,
        ]
      : []),
    ...(having("staged") > 0 ? [`${formatCount(having("staged"))} not published`] : []),
    ...(having("failed") > 0 ? [`${formatCount(having("failed"))} failed`] : []),
    `${formatCount(inState("ok") - unknown)} of ${count(urls.length, "public address", "public addresses")} answer rightly`,
    ...(byLength > 0 ? [`${formatCount(byLength)} of them by their length alone (--deep compares the bytes)`] : []),
    ...(bad > 0 ? [`${formatCount(bad)} do not`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} not known`] : []),
    ...(unchecked > 0 ? [`${formatCount(unchecked)} not checked`] : []),
    ...(stopped > 0 ? [`${formatCount(stopped)} not asked before the end`] : []),
    ...(unread.length > 0 ? [`${count(unread.length, "mistake")} in the inputs`] : []),
  ];
  return parts.join(", ");
}
