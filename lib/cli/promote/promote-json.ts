import type { Diagnostic } from "../../diagnostics";
import { fileUrl } from "../../model/filestore-base";
import type { LineOutcome, LineTarget, PlanSummary, PromotionEvent } from "../../promotion/types";
import { diagnosticRow } from "../diagnostic-row";

/** Progress is told this often; the engine reports every piece of every file. */
const PROGRESS_SECONDS = 1;

/** Writes one JSON object a line: what happens while it happens, and what it came to at the end. Keys are only ever added. */
export function jsonEvents(write: (line: string) => void, now: () => number = Date.now) {
  const say = (object: object) => write(`${JSON.stringify(object)}\n`);
  let bytes = 0;
  let toldAt = now();
  return {
    problem(found: Diagnostic): void {
      say({ type: "problem", ...diagnosticRow(found) });
    },
    event(event: PromotionEvent): void {
      switch (event.type) {
        case "hashed":
          bytes += event.bytes;
          if (now() - toldAt < PROGRESS_SECONDS * 1000) return;
          toldAt = now();
          say({ type: "progress", bytes });
          return;
        case "started":
        case "copied":
          say({ type: event.type, ...target(event.target), size: event.size });
          return;
        case "done":
          say({ type: "done", ...target(event.result), ...outcome(event.result) });
          return;
        case "resolved":
        case "retried":
        case "note":
          say(event);
      }
    },
    end(summary: PlanSummary, ok: boolean, dryRun: boolean, seconds: number): void {
      say({ type: "summary", ok, dryRun, ...summary, seconds: Math.round(seconds * 1000) / 1000 });
    },
  };
}

function target({ directory, manifest, line, source, destination }: LineTarget) {
  return {
    directory,
    file: manifest,
    line: line.at.line,
    name: line.name,
    sha256: line.sha256,
    source: fileUrl(source, line.name),
    destination: fileUrl(destination, line.name),
  };
}

function outcome({ outcome }: LineOutcome) {
  switch (outcome.status) {
    case "verified":
      return { status: outcome.status, size: outcome.source.size, sourceGeneration: outcome.source.generation };
    case "copied":
      return {
        status: outcome.status,
        size: outcome.source.size,
        sourceGeneration: outcome.source.generation,
        generation: outcome.published.generation,
      };
    case "published": {
      const { published, evidence, inSource } = outcome;
      return { status: outcome.status, size: published.size, generation: published.generation, evidence, inSource };
    }
    case "failed":
      return { status: outcome.status, ...outcome.failure };
  }
}
