import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics";
import { missingDefaults } from "../model/builtin-defaults";
import type { Estate } from "../model/estate";
import type { Layout } from "./layout";
import { loadAdoptions } from "./load-adoptions";
import { loadDefaults } from "./load-defaults";
import { loadFilestores } from "./load-filestores";
import { loadGroups, loadGroupsConfig, loadRestrictions } from "./load-groups";
import { loadInfra } from "./load-infra";
import { loadManifests } from "./load-manifests";
import { Tree } from "./tree";

export interface Loaded {
  /** Absent when anything is wrong. */
  readonly estate?: Estate;

  /** Every mistake of every file, errors first, then by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks all inputs. */
export function loadEstate(layout: Layout): Loaded {
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => void found.push(diagnostic);
  const tree = new Tree(layout.root);
  const groupsConfig = loadGroupsConfig(tree, layout.groups, report);
  const defaults = loadDefaults(tree, layout.defaults, groupsConfig.domains[0] ?? "kubernetes.io", report);
  const infra = defaults && loadInfra(tree, layout.infra, defaults, report);
  const groups = loadGroups(tree, layout.groups, report);
  const restrictions = loadRestrictions(tree, layout.groups, report);
  const filestores = loadFilestores(tree, layout.filestores, report);
  const { manifests, owners } = loadManifests(tree, layout.manifests, report);
  const adoptions = loadAdoptions(tree, layout.infra, report);
  const diagnostics = sortDiagnostics(found);
  if (defaults === undefined || infra === undefined || hasErrors(diagnostics)) return { diagnostics };
  const hasDefaultsFile = tree.exists(layout.defaults);
  const estate = {
    defaults,
    hasDefaultsFile,
    ...infra,
    groupsConfig,
    groups,
    restrictions,
    filestores,
    manifests,
    owners,
    adoptions,
  };
  return { estate, diagnostics };
}

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
