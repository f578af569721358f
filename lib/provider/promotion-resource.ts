import { isSameBase } from "../model/filestore-base";
import type { PromotionPlan } from "../promotion/types";
import { DiagnosticsError, type PluginDiagnostic } from "../tfplugin/diagnostics";
import type { Resource } from "../tfplugin/resource";
import { isUnknown, isWhollyKnown, type PartlyKnown } from "../tfplugin/types";
import { drift } from "./promotion-drift";
import { failedLines, failureDiagnostics } from "./promotion-failures";
import { promotionRequest } from "./promotion-request";
import { type PromotionConfig, type PromotionState, promotionSchema } from "./promotion-schema";
import type { OpenPromotion } from "./promotion-session";
import { validatePromotion } from "./promotion-validation";
import { generationsOf, readGenerations, writeGenerations } from "./published-generations";

/**
 * What a plan does with a line that fails. `stop`: an error, so that nothing of the stack is applied. `continue`: a warning;
 * the apply promotes everything else and fails for these lines.
 */
export type BadLines = "stop" | "continue";

/** `artifacts_promotion`: the files of one manifest in one destination. A plan verifies every new line; nothing is ever replaced. */
export function promotionResource(
  open: OpenPromotion,
  badLines: BadLines = "stop",
): Resource<PromotionConfig, PromotionState> {
  return {
    type: "artifacts_promotion",
    schema: promotionSchema,

    validate: (config, { report }) => validatePromotion(config, report),

    async plan({ config, prior }, { signal, report }) {
      const severity = badLines === "stop" ? "error" : "warning";
      for (const { diagnostic } of changedLines(config, prior)) report({ ...diagnostic, severity });
      for (const diagnostic of forgottenLines(config, prior)) report(diagnostic);
      const known = knownPart(config);
      // What depends on other resources is verified by the apply.
      if (known === undefined) return {};
      const names = newNames(known, prior);
      if (names.length === 0) return {};
      const session = await open(signal);
      const { outcomes } = await session.check(promotionRequest(known, names));
      for (const diagnostic of failureDiagnostics(failedLines(outcomes), "Nothing was changed.")) {
        report({ ...diagnostic, severity });
      }
      return {};
    },

    async planDelete(state, { report }) {
      const count = Object.keys(state.files).length;
      if (count > 0) report(farewell(state, count));
    },

    async read(state, { signal, report, kept, keep }) {
      // The state is what was published, whatever has become of it: a refresh that dropped a line would publish it again.
      const { diagnostics, generations } = await drift(state, await open(signal), readGenerations(kept));
      for (const diagnostic of diagnostics) report(diagnostic);
      keep?.(writeGenerations(generations, state.files));
      return state;
    },

    async create({ config }, { signal, keep }) {
      const session = await open(signal);
      const names = Object.keys(config.files);
      const plan = await session.promote(promotionRequest(config, names), config.commit);
      const rest = `${done(plan)} of ${names.length} files are published. Nothing is recorded: the next apply goes on from there.`;
      const errors = failureDiagnostics(failedLines(plan.outcomes), rest);
      if (errors.length > 0) throw new DiagnosticsError(errors);
      keep?.(writeGenerations(generationsOf(plan.outcomes), config.files));
      return config;
    },

    async update({ prior, config }, { signal, report, kept, keep }) {
      const known = isSameBase(prior.destination, config.destination) ? readGenerations(kept) : {};
      const changed = changedLines(config, prior);
      for (const { diagnostic } of changed) report(diagnostic);
      const files = { ...config.files, ...Object.fromEntries(changed.map(({ name, published }) => [name, published])) };
      const names = newNames(config, prior);
      if (names.length === 0) {
        keep?.(writeGenerations(known, files));
        return { ...config, files };
      }
      const session = await open(signal);
      const plan = await session.promote(promotionRequest(config, names), config.commit);
      const rest = `${done(plan)} of ${names.length} new files are published; the next apply tries the others.`;
      const failed = failedLines(plan.outcomes);
      for (const { name } of failed) delete files[name];
      for (const diagnostic of failureDiagnostics(failed, rest)) report(diagnostic);
      keep?.(writeGenerations({ ...known, ...generationsOf(plan.outcomes) }, files));
      return { ...config, files };
    },

    async delete() {
      // Forgetting is Terraform's part. There is no call in this program that removes a published object.
    },

    async import(id) {
      throw new DiagnosticsError([
        {
          severity: "error",
          summary: `${id}: artifacts_promotion needs no import`,
          detail:
            "Deploy it: a create finds the files that are published, compares each with its line, copies only the others " +
            "and records all of them. Nothing was recorded.",
        },
      ]);
    },
  };
}

/** The configuration as far as it can be verified now; undefined if not even the places are known. */
function knownPart(config: PartlyKnown<PromotionConfig>): PromotionConfig | undefined {
  const { source, destination, files, manifest, distrust_records: distrust, retired_sources: retired } = config;
  if (!isWhollyKnown(source) || !isWhollyKnown(destination) || isUnknown(files)) return undefined;
  const known = Object.entries(files).filter((entry): entry is [string, string] => isWhollyKnown(entry[1]));
  return {
    source,
    destination,
    files: Object.fromEntries(known),
    ...(isWhollyKnown(manifest) && manifest !== undefined && { manifest }),
    // What is not known yet may be a bucket that others push to.
    ...((isUnknown(distrust) || distrust) && { distrust_records: true }),
    ...(isWhollyKnown(retired) && retired !== undefined && { retired_sources: retired }),
  };
}

/** The files that the state does not know in this destination. */
function newNames(config: PromotionConfig, prior: PromotionState | undefined): readonly string[] {
  const published = prior !== undefined && isSameBase(prior.destination, config.destination) ? prior.files : {};
  return Object.keys(config.files).filter((name) => !Object.hasOwn(published, name));
}

interface ChangedLine {
  readonly name: string;
  readonly published: string;
  readonly diagnostic: PluginDiagnostic;
}

function changedLines(
  { destination, files }: PartlyKnown<PromotionConfig>,
  prior: PromotionState | undefined,
): readonly ChangedLine[] {
  if (prior === undefined || isUnknown(files) || !isWhollyKnown(destination)) return [];
  if (!isSameBase(destination, prior.destination)) return [];
  return Object.entries(files).flatMap(([name, sha256]): ChangedLine[] => {
    const published = Object.hasOwn(prior.files, name) ? prior.files[name] : undefined;
    if (published === undefined || isUnknown(sha256) || sha256 === published) return [];
    const diagnostic: PluginDiagnostic = {
      severity: "error",
      path: ["files", { key: name }],
      summary: `${name}: published with sha256 ${published}, the configuration says ${sha256}`,
      detail:
        "A published file never changes; nothing was written. Publish the new bytes under a new name, or put the published hash back.",
    };
    return [{ name, published, diagnostic }];
  });
}

function forgottenLines(
  config: PartlyKnown<PromotionConfig>,
  prior: PromotionState | undefined,
): readonly PluginDiagnostic[] {
  const { files } = config;
  if (prior === undefined || isUnknown(files)) return [];
  const moved = isWhollyKnown(config.destination) && !isSameBase(config.destination, prior.destination);
  const gone = Object.keys(prior.files).filter((name) => moved || !Object.hasOwn(files, name));
  if (gone.length === 0) return [];
  return [
    {
      severity: "warning",
      path: ["files"],
      summary: `files: ${gone.length} published files are forgotten, not deleted, e.g. ${gone[0]}`,
      detail: `They stay in ${prior.destination} as they are, and nobody looks after them any more.`,
    },
  ];
}

function farewell({ destination }: PromotionState, count: number): PluginDiagnostic {
  return {
    severity: "warning",
    summary: `${destination}: ${count} published files will be forgotten, not deleted`,
    detail: "They stay as they are. This program never deletes a published file.",
  };
}

function done({ summary }: PromotionPlan): number {
  return summary.copied + summary.published;
}
