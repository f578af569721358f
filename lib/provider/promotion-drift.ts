import { firstTakenBack, replacedRepair } from "../promotion/failures";
import { standingObject } from "../promotion/standing";
import type { Failure, LineOutcome, PendingLine } from "../promotion/types";
import type { PluginDiagnostic } from "../tfplugin/diagnostics";
import { promotionRequest } from "./promotion-request";
import type { PromotionState } from "./promotion-schema";
import type { PromotionSession } from "./promotion-session";
import { type Generations, generationsOf } from "./published-generations";

type Line = LineOutcome | PendingLine;

const WHAT_HAPPENS = ["is gone", "has other bytes now"] as const;
type WhatHappens = (typeof WHAT_HAPPENS)[number];

/** Terraform looks up the place of each diagnostic anew: a bucket that was emptied is told in one. */
const MAX_SINGLE = 50;

export interface Drift {
  /** Warnings: an error here would hold up every other manifest of the stack. */
  readonly diagnostics: readonly PluginDiagnostic[];

  /** The versions that are right now; of what has changed still the one that was. */
  readonly generations: Generations;
}

/**
 * What has become of published files. A listing tells whether an object is still the version that was found right; only
 * what was replaced, or what nothing is known of, is read.
 */
export async function drift(state: PromotionState, session: PromotionSession, before: Generations): Promise<Drift> {
  const names = Object.keys(state.files);
  if (names.length === 0) return { diagnostics: [], generations: before };
  const { lines } = await session.look(promotionRequest(state, names));
  const unclear = lines.filter((line) => isUnclear(line, before)).map(({ line }) => line.name);
  const read = await readBytes(state, session, unclear);
  const settled = lines.map((line) => read.get(line.line.name) ?? line);
  return {
    diagnostics: [
      ...unreadable(settled),
      ...WHAT_HAPPENS.flatMap((found) => {
        const changed = settled.filter((line) => whatHappened(line) === found).map(({ line }) => line.name);
        return changed.length > MAX_SINGLE
          ? [warningOfMany(state, changed, found)]
          : changed.map((name) => warning(state, name, found));
      }),
    ],
    generations: { ...before, ...generationsOf(settled) },
  };
}

function isUnclear(line: Line, before: Generations): boolean {
  const object = standingObject(line);
  if (object === undefined) return false;
  const { name } = line.line;
  return Object.hasOwn(before, name) ? before[name] !== object.generation : line.outcome === undefined;
}

/** What replaced a published file may say of itself whatever it likes. */
async function readBytes(
  state: PromotionState,
  session: PromotionSession,
  names: readonly string[],
): Promise<ReadonlyMap<string, LineOutcome>> {
  if (names.length === 0) return new Map();
  const { outcomes } = await session.check(promotionRequest({ ...state, distrust_records: true }, names));
  return new Map(outcomes.map((outcome) => [outcome.line.name, outcome]));
}

function warning(state: PromotionState, name: string, found: WhatHappens): PluginDiagnostic {
  const summary = `${state.destination}: ${name} was published and ${found}`;
  return { severity: "warning", path: ["files", { key: name }], summary, detail: detail(state, found) };
}

function warningOfMany(state: PromotionState, names: readonly string[], found: WhatHappens): PluginDiagnostic {
  const summary = `${state.destination}: of ${names.length} published files each ${found}, e.g. ${names[0]}`;
  return { severity: "warning", path: ["files"], summary, detail: `${detail(state, found)}\n${names.join("\n")}` };
}

function detail({ manifest, retired_sources: retired = {} }: PromotionState, found: WhatHappens): string {
  const isRetired = Object.keys(retired).length > 0;
  const start = "Somebody changed the bucket by other means. Nothing is repaired by itself.";
  if (found === "has other bytes now") return `${start} ${replacedRepair(isRetired)}`;
  const again =
    manifest === undefined
      ? "remove its line, apply, and add the line back"
      : `run npx artifacts promote ${manifest.split("/").at(-2) ?? ""} --confirm; the manifest stays as it is`;
  return `${start} Find out who and why. To publish a vanished file again from the source, ${again}.${isRetired ? ` ${firstTakenBack}` : ""}`;
}

const UNREADABLE: readonly (Failure["reason"] | undefined)[] = [
  "destination-unreadable",
  "unavailable",
  "corrupt",
  "internal",
];

/** Told once: usually one cause hides all files. */
function unreadable(lines: readonly Line[]): readonly PluginDiagnostic[] {
  const first = lines.find((line) => UNREADABLE.includes(reasonOf(line)));
  if (first?.outcome?.status !== "failed") return [];
  const { message, repair } = first.outcome.failure;
  return [{ severity: "warning", summary: `${message}: published files were not checked`, detail: repair }];
}

function whatHappened(line: Line): WhatHappens | undefined {
  if (line.outcome === undefined) return line.pending === "source" ? "is gone" : undefined;
  const reason = reasonOf(line);
  if (line.outcome.status === "verified") return "is gone";
  if (reason === undefined || reason === "stopped" || UNREADABLE.includes(reason)) return undefined;
  // The source could not be asked or lacks it too: either way the destination did not have it.
  return reason === "destination-differs" ? "has other bytes now" : "is gone";
}

function reasonOf({ outcome }: Line): Failure["reason"] | undefined {
  return outcome?.status === "failed" ? outcome.failure.reason : undefined;
}
