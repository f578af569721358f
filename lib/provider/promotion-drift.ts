import type { Failure, LineOutcome, PendingLine } from "../promotion/types";
import type { PluginDiagnostic } from "../tfplugin/diagnostics";
import { promotionRequest } from "./promotion-request";
import type { PromotionState } from "./promotion-schema";
import type { PromotionSession } from "./promotion-session";

/** What has become of published files. Told as warnings: an error here would hold up every other manifest of the stack. */
export async function drift(state: PromotionState, session: PromotionSession): Promise<readonly PluginDiagnostic[]> {
  const names = Object.keys(state.files);
  if (names.length === 0) return [];
  const { lines } = await session.look(promotionRequest(state, names));
  const unreadable = lines.find(
    (line) => reasonOf(line) === "destination-unreadable" || reasonOf(line) === "unavailable",
  );
  if (unreadable?.outcome?.status === "failed") {
    const { message, repair } = unreadable.outcome.failure;
    return [{ severity: "warning", summary: `${message}: published files were not checked`, detail: repair }];
  }
  return lines.flatMap((line): PluginDiagnostic[] => {
    const found = whatHappened(line);
    if (found === undefined) return [];
    return [
      {
        severity: "warning",
        path: ["files", { key: line.line.name }],
        summary: `${state.destination}: ${line.line.name} was published and ${found}`,
        detail:
          "Somebody changed the bucket by other means. Nothing is repaired by itself: find out who and why. " +
          "To publish a vanished file again, remove its line, apply, and add the line back.",
      },
    ];
  });
}

function whatHappened(line: LineOutcome | PendingLine): string | undefined {
  if (line.outcome === undefined) return line.pending === "source" ? "is gone" : undefined;
  switch (reasonOf(line)) {
    case "destination-differs":
      return "has other bytes now";
    case undefined:
    case "stopped":
      return undefined;
    default:
      // The source could not be asked or lacks it too: either way the destination did not have it.
      return "is gone";
  }
}

function reasonOf({ outcome }: LineOutcome | PendingLine): Failure["reason"] | undefined {
  return outcome?.status === "failed" ? outcome.failure.reason : undefined;
}
