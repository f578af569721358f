import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics";
import { missingDefaults } from "../model/builtin-defaults";
import type { Estate } from "../model/estate";
import { utcDay } from "../model/retirement";
import { checkEstate } from "../model/rules/check-estate";
import type { Draft } from "../model/rules/draft";
import { Inputs } from "./inputs";
import { type Layout, placesOutside } from "./layout";
import { loadAdoptions } from "./load-adoptions";
import { loadDefaults } from "./load-defaults";
import { readFilestores } from "./load-filestores";
import { loadGroups } from "./load-groups";
import { loadGroupsConfig } from "./load-groups-config";
import { loadInfra } from "./load-infra";
import { loadManifests } from "./load-manifests";
import { loadRestrictions } from "./load-restrictions";
import { present } from "./present-parts";
import { Tree } from "./tree";

export interface Loaded {
  /** Absent when anything is wrong. */
  readonly estate?: Estate;

  /** Without manifests, for who asks about projects and groups: absent when anything is wrong that is not in a manifest. */
  readonly apartFromManifests?: Estate;

  /** The errors that are not in a manifest: why `apartFromManifests` is absent. */
  readonly errorsApartFromManifests: readonly Diagnostic[];

  /**
   * With the directories held up whose manifests hold mistakes, for a deploy that goes past them: absent when anything is
   * wrong elsewhere.
   */
  readonly pastMistakes?: Estate;

  /** What could be read, mistakes or not: one broken file does not hide the others. */
  readonly draft: Draft;

  /** Every mistake of every file, errors first, then by place. */
  readonly diagnostics: readonly Diagnostic[];

  /** How much was read, mistakes or not. */
  readonly counts: Counts;
}

export interface Counts {
  readonly projects: number;
  readonly staging: number;
  readonly groups: number;
  readonly filestores: number;
  readonly manifests: number;
  readonly lines: number;
}

/**
 * Reads all inputs and checks every rule: those of one file while it is read, the others on what could be read. `today` is
 * the day in UTC, which retirements are held against.
 */
export function loadEstate(layout: Layout, today = utcDay(new Date())): Loaded {
  const found: Diagnostic[] = [];
  const inputs = new Inputs(new Tree(layout.root, placesOutside(layout)), (diagnostic) => void found.push(diagnostic));
  const draft = loadDraft(layout, inputs);
  checkEstate(draft, today, inputs.places.of, inputs.report);
  const diagnostics = sortDiagnostics(found);
  const counts: Counts = {
    projects: new Set(draft.projects.map(({ projectId }) => projectId)).size,
    staging: draft.staging.length,
    groups: draft.groups.length,
    filestores: draft.filestores.length,
    manifests: draft.manifests.length,
    lines: draft.manifests.reduce((total, { lines }) => total + lines.length, 0),
  };
  const {
    groupsFolder,
    manifestDirectories,
    filestoreNames,
    isComplete,
    defaultsPlace,
    broken,
    hasGroups,
    hasDefaults,
    ...estate
  } = draft;
  const errorsApartFromManifests = diagnostics.filter(
    ({ severity, at }) => severity === "error" && !at?.file.startsWith(`${layout.manifests}/`),
  );
  const heldUp = heldUpDirectories(diagnostics, layout.manifests, new Set(filestoreNames));
  const remaining = estate.manifests.filter(({ directory }) => !heldUp?.has(directory));
  return {
    ...(hasErrors(diagnostics) ? {} : { estate }),
    ...(heldUp === undefined ? {} : { pastMistakes: { ...estate, manifests: remaining, heldUp } }),
    ...(errorsApartFromManifests.length > 0 ? {} : { apartFromManifests: { ...estate, manifests: [] } }),
    errorsApartFromManifests,
    draft,
    diagnostics,
    counts,
  };
}

/** The errors by directory of manifests; undefined if one of them stands anywhere else, or where no stack would tell it. */
function heldUpDirectories(
  diagnostics: readonly Diagnostic[],
  folder: string,
  directories: ReadonlySet<string>,
): ReadonlyMap<string, readonly Diagnostic[]> | undefined {
  const heldUp = new Map<string, Diagnostic[]>();
  for (const found of diagnostics.filter(({ severity }) => severity === "error")) {
    const { file = "" } = found.at ?? {};
    const [directory = "", name] = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split("/") : [];
    if (name === undefined || !directories.has(directory)) return undefined;
    const others = heldUp.get(directory);
    if (others === undefined) heldUp.set(directory, [found]);
    else others.push(found);
  }
  return heldUp;
}

function loadDraft(layout: Layout, inputs: Inputs): Draft {
  const has = present(layout, inputs);
  const forGroups = inputs.section();
  const place = loadGroupsConfig(forGroups, layout.groups);
  const loaded = loadDefaults(inputs, layout.defaults, place.config.domains[0] ?? "kubernetes.io");
  const { defaults, place: defaultsPlace } = loaded;
  const infra = has("infra") ? loadInfra(inputs, layout.infra, loaded) : undefined;
  const known = new Set([place.file, place.restrictions]);
  const groups = has("groups") ? loadGroups(forGroups, place.folder, known) : [];
  const stores = has("filestores") ? readFilestores(inputs, layout.filestores) : NO_FILESTORES;
  const lists = has("manifests") ? loadManifests(inputs, layout.manifests) : NO_MANIFESTS;
  return {
    defaults,
    hasDefaultsFile: defaultsPlace !== undefined,
    hasDefaults: has("defaults"),
    ...(defaultsPlace === undefined ? {} : { defaultsPlace }),
    projects: infra?.projects ?? [],
    staging: infra?.staging ?? [],
    groupsConfig: place.config,
    groups,
    restrictions: loadRestrictions(forGroups, place.restrictions, groups),
    filestores: stores.filestores,
    manifests: lists.manifests,
    owners: lists.owners,
    adoptions: loadAdoptions(inputs, layout.infra),
    hasGroups: has("groups"),
    groupsFolder: place.folder,
    // That a named folder of filestores is not there was told once, and is the cause of all that would be missed in it.
    manifestDirectories: has("filestores") || !layout.named.has("filestores") ? lists.directories : [],
    filestoreNames: stores.names,
    broken: { filestores: stores.broken, manifests: lists.broken },
    isComplete: {
      names: loaded.areNamesKnown,
      infra: infra?.isComplete ?? false,
      groups: forGroups.isComplete && has("groups") && (defaultsPlace !== undefined || !has("defaults")),
    },
  };
}

const NO_FILESTORES = { filestores: [], broken: [], names: [] } as const;
const NO_MANIFESTS = {
  manifests: [],
  broken: [],
  directories: [],
  owners: new Map<string, readonly string[]>(),
} as const;

/** What synth needs to know and defaults.yaml does not say. */
export function requireDefaults(estate: Estate, layout: Layout): readonly Diagnostic[] {
  const at = { file: layout.defaults, line: 1, column: 1 };
  return missingDefaults(estate.defaults).map((key) => ({
    severity: "error",
    rule: "defaults/missing",
    summary: `${key}: is required`,
    detail: `Stacks can not be built without it. Write it into ${layout.defaults}; docs/inputs.md describes the file.`,
    at,
  }));
}
