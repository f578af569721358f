import { type Operation, type Outcome, operations } from "./operations";
import { pathOf, places, principals } from "./principals";

/** What came of every attempt, by place, principal and operation. */
export type Matrix = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Outcome>>>;

const SYMBOLS: Readonly<Record<Outcome, string>> = { yes: "**yes**", no: "no", kept: "kept" };

/** docs/access.md. */
export function accessPage(matrix: Matrix): string {
  return `${INTRODUCTION}${places.map((place) => section(place.title, matrix.get(pathOf(place)))).join("\n")}`;
}

const INTRODUCTION = `# Who may do what

Made by a test, not by hand: \`UPDATE_DOCS=1 npx jest test/e2e/access\` applies the stacks to a sandbox, lets every kind of
principal try every operation on every kind of bucket and on folders of a shared one, and writes what happened. Without
\`UPDATE_DOCS\` the test fails if anything came out differently.

**yes**: it was done. no: it was refused. kept: whoever tried may do it, but published files are under retention, and
nobody replaces or deletes them.

`;

function section(title: string, rows: ReadonlyMap<string, ReadonlyMap<string, Outcome>> = new Map()): string {
  const cells = (who: string) =>
    operations.map((operation: Operation) => SYMBOLS[rows.get(who)?.get(operation.title) ?? "no"]);
  return [
    `## ${title}`,
    "",
    `| | ${operations.map((operation) => operation.title).join(" | ")} |`,
    `|---|${operations.map(() => "---").join("|")}|`,
    ...principals.map(({ who }) => `| ${who} | ${cells(who).join(" | ")} |`),
    "",
  ].join("\n");
}
