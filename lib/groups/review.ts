import type { GroupRetirementStep } from "../model/group-retirement";
import type { GroupRole } from "../model/groups";
import { quote } from "../model/suggest";
import type { DesiredGroup } from "./desired-group";
import type { ObservedGroup } from "./observed-group";
import { planGroup } from "./plan-group";
import { type Risk, risksOf } from "./risks";
import type { Change, Step } from "./steps";

/** The difference between one group as declared and as found: what a reviewer reads, and what an apply would do. */
export interface GroupReview {
  readonly email: string;
  readonly exists: boolean;

  /** How far its retirement has come, if it is retired. */
  readonly retired?: GroupRetirementStep;
  readonly steps: readonly Step[];
  readonly risks: readonly Risk[];
}

export function reviewGroup(desired: DesiredGroup, observed: ObservedGroup | undefined): GroupReview {
  const steps = planGroup(desired, observed);
  const { email, retired } = desired;
  const risks = risksOf(desired, observed, steps);
  return { email, exists: observed !== undefined, ...(retired && { retired }), steps, risks };
}

const retirements: Readonly<Record<GroupRetirementStep, string>> = {
  closed: "only its owners stay, and nobody joins or posts",
  deleted: "it is deleted",
};

const sections: readonly { readonly role: GroupRole; readonly title: string }[] = [
  { role: "OWNER", title: "owners" },
  { role: "MANAGER", title: "managers" },
  { role: "MEMBER", title: "members" },
];

/** The review as text; a line that starts with `!` is a risk. Empty when nothing differs. */
export function formatReview({ email, exists, retired, steps, risks }: GroupReview): readonly string[] {
  if (steps.length === 0) return [];
  const mark = (subject: string) => (risks.some((risk) => risk.subject === subject) ? "!" : " ");
  const why = (subject: string) =>
    risks
      .filter((risk) => risk.subject === subject)
      .map((risk) => `  (${risk.why})`)
      .join("");
  return [
    `${retired === "deleted" ? "-" : exists ? "~" : "+"} ${email}${exists ? "" : "  (new group)"}${retired === undefined ? "" : `  (retired: ${retirements[retired]})`}`,
    ...risks.filter(({ subject }) => subject === email).map((risk) => `!   ${risk.why}`),
    ...steps.flatMap(texts),
    ...section("settings", steps.flatMap(settingLines(mark, why))),
    ...section("aliases", steps.flatMap(aliasLines)),
    ...sections.flatMap(({ role, title }) => section(title, steps.flatMap(memberLines(role, mark, why)))),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`    ${title}`, ...lines];
}

function texts(step: Step): readonly string[] {
  if (step.kind === "create") {
    return [
      textLine("name", { to: step.name }),
      ...(step.description ? [textLine("description", { to: step.description })] : []),
    ];
  }
  if (step.kind !== "describe") return [];
  const { name, description } = step;
  return [...(name ? [textLine("name", name)] : []), ...(description ? [textLine("description", description)] : [])];
}

function textLine(title: string, { from, to }: Change): string {
  return `    ${title}: ${from === undefined ? "" : `${quote(from)} -> `}${quote(to)}`;
}

type Note = (subject: string) => string;

function settingLines(mark: Note, why: Note): (step: Step) => readonly string[] {
  return (step) =>
    step.kind === "set"
      ? step.changes.map(({ key, from, to }) => {
          const before = from === undefined ? "" : `${shown(from)} -> `;
          return `${mark(key)}     ${from === undefined ? "+" : "~"} ${key}: ${before}${shown(to)}${why(key)}`;
        })
      : [];
}

function aliasLines(step: Step): readonly string[] {
  if (step.kind === "add-alias") return [`      + ${step.alias}`];
  return step.kind === "remove-alias" ? [`      - ${step.alias}`] : [];
}

/** A change of role stands under the new role, which is what it gives. */
function memberLines(role: GroupRole, mark: Note, why: Note): (step: Step) => readonly string[] {
  return (step) => {
    if (step.kind === "add" && step.role === role)
      return [`${mark(step.address)}     + ${step.address}${why(step.address)}`];
    if (step.kind === "remove" && step.role === role) {
      return [`${mark(step.address)}     - ${step.address}${why(step.address)}`];
    }
    if (step.kind === "change-role" && step.to === role) {
      return [`${mark(step.address)}     ~ ${step.address}  was ${step.from}${why(step.address)}`];
    }
    return [];
  };
}

/** Values of the API are words; free texts are quoted so that nothing in them reaches the terminal. */
function shown(value: string): string {
  return /^[A-Za-z0-9_-]+$/.test(value) ? value : quote(value);
}
