import { statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { Inputs } from "../../config/inputs";
import { readFilestoresFile } from "../../config/load-filestores";
import { isNoManifest, readLines } from "../../config/load-manifests";
import { isYaml, Tree } from "../../config/tree";
import { ConfigError, type Diagnostic, hasErrors, type Report } from "../../diagnostics";
import type { FilestoreDirectory } from "../../model/filestores";
import type { Manifest } from "../../model/manifests";
import type { Draft } from "../../model/rules/draft";
import { checkBases, checkFilestores, isRivalOf } from "../../model/rules/filestores";
import { findings } from "../../model/rules/place";
import { quote } from "../../model/suggest";
import { NO_SURROUNDINGS, requestFor } from "../promotion-request";
import { UsageError } from "../usage-error";
import type { Around, PromotionInputs } from "./promotion-inputs";

/** kpromo's `--filestores FILE --files FILE|FOLDER`: one project, whatever other inputs are around it. */
export function loadSingleProject(
  filestores: string,
  files: string,
  { estate, allowedServiceAccounts }: Around,
): PromotionInputs {
  const problems: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => void problems.push(diagnostic);
  const name = basename(dirname(resolve(filestores)));
  const directory = readFilestoresFile(inputsAt(dirname(resolve(filestores)), report), name, basename(filestores));
  // Without a source and a destination there is nothing that could go on.
  if (directory === undefined) throw new ConfigError(problems);
  checkPlaces(directory, estate, report);
  if (hasErrors(problems)) throw new ConfigError(problems);
  const stat = statSync(files, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`--files ${quote(files)}: it does not exist`);
  const folder = resolve(stat.isDirectory() ? files : dirname(files));
  const tree = new Tree(folder);
  const paths = stat.isDirectory() ? manifestsBelow(tree, ".", report) : [basename(files)];
  const manifests = paths.flatMap((path): readonly Manifest[] => {
    const lines = readLines(tree, path, report);
    return lines === undefined
      ? []
      : [{ directory: name, file: relative(process.cwd(), resolve(folder, path)), lines }];
  });
  const errors = problems.filter((each) => hasErrors([each]));
  if (manifests.length + errors.length === 0) throw new UsageError(`--files ${quote(files)}: it holds no manifest`);
  return {
    root: folder,
    directories: requestFor({ ...(estate ?? NO_SURROUNDINGS), filestores: [directory], manifests }).directories,
    problems: errors,
    warnings: problems.filter((each) => !hasErrors([each])),
    allowedServiceAccounts,
  };
}

/** By the same rules as in an estate: against the other filestores of the one it belongs to, or by itself. */
function checkPlaces(directory: FilestoreDirectory, estate: Draft | undefined, report: Report): void {
  const found = findings(
    ({ at }) => at,
    (each) => {
      const { rule, at } = each;
      // Accounts are the engine's to judge, line by line.
      if (rule === "filestore/overlap" || (at?.file === directory.file && rule !== "filestore/account")) report(each);
    },
  );
  if (estate === undefined) checkBases([directory], found);
  else
    checkFilestores({ ...estate, filestores: [directory, ...estate.filestores.filter(isRivalOf(directory))] }, found);
}

function inputsAt(folder: string, report: Report): Inputs {
  return new Inputs(new Tree(folder), report);
}

/** Every YAML file, in the order of their paths. What else could be meant as a manifest is told: kpromo takes any file for one. */
function manifestsBelow(tree: Tree, folder: string, report: Report): readonly string[] {
  return tree
    .list(folder, report)
    .flatMap((entry) => {
      const path = entry.path.replace(/^\.\//, "");
      if (entry.kind === "folder") return manifestsBelow(tree, path, report);
      if (entry.kind === "file" && isYaml(entry.name)) return [path];
      if (entry.kind === "other" || !isNoManifest(entry.name)) {
        const summary = "this is no manifest by its name: nothing in it is read";
        const detail = "Names of manifests end in .yaml or .yml. Rename it, or take it out of the folder.";
        report({ severity: "error", rule: "manifest/stray", summary, detail, at: { file: path, line: 1, column: 1 } });
      }
      return [];
    })
    .sort();
}
