import type { Command } from "commander";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import type { Estate } from "../../model/estate";
import { groupIsAllowed } from "../../model/rules/restrictions";
import { quoteList } from "../../model/suggest";
import {
  approverProblems,
  flagProblems,
  folderProblems,
  type HasGroupsFile,
  memberProblems,
} from "../../onboarding/flag-problems";
import { inputReader, loadSettled } from "../../onboarding/input-files";
import { nameProblems } from "../../onboarding/name-problems";
import { type OnboardRequest, planOnboarding } from "../../onboarding/onboard-plan";
import { repositoryProblems } from "../../onboarding/repository-problems";
import { freeDestination } from "../../onboarding/usual-destination";
import { changeInputs, completeEarlierChange, tellDone } from "../change-inputs";
import type { ExitCode } from "../exit-codes";
import { addLayoutOptions } from "../layout-options";
import { ask, canAsk, wordList } from "../questions";
import { refuse, refuseInputs } from "../refusal";
import { validForProject } from "../valid-estate";

interface Options extends LayoutOverrides {
  readonly groupFolder?: string;
  readonly member?: readonly string[];
  readonly approver?: readonly string[];
  readonly sourcePath?: string;
  readonly destination?: readonly string[];
  readonly bucket?: string;
  readonly repository?: string;
  readonly release?: boolean;
  readonly sharedProject?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .argument("<name>", "staging name: the part of the project id behind the staging prefix, e.g. kops")
    .option("--group-folder <folder>", "folder under groups/ that declares the group, e.g. sig-release")
    .option("--member <email...>", "first members of the group")
    .option("--approver <login...>", "who approves manifests")
    .option("--source-path <path>", "folder of the staging bucket that holds releases (default: releases)")
    .option(
      "--destination <base...>",
      "where files are published, gs://BUCKET/PREFIX/ (default: beside where others publish)",
    )
    .option("--bucket <bucket>", "staging bucket, when it can't have the project's id")
    .option("--shared-project <id>", "share this project: a folder of its bucket instead of a project of its own")
    .option("--repository <owner/name>", "source repository: also write the configuration of automatic builds")
    .option("--release", "let release viewers look into the project")
    .option("--dry-run", "show the change, write nothing")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, options: Options) => {
      process.exitCode = await onboard(name, options);
    });
}

const EXAMPLES = `
Questions are asked on a terminal for what no flag says. Everything is written as one change, or nothing.

Examples:
  artifacts onboard anvil --group-folder sig-build --member ana@example.org --approver ana
  artifacts onboard anvil --group-folder sig-build --member ana@example.org --approver ana --repository example-org/anvil
  artifacts onboard anvil --group-folder sig-build --member ana@example.org --approver ana --shared-project k8s-staging-shared
  artifacts onboard anvil --group-folder sig-build --member ana@example.org --approver ana --dry-run --json

Exit codes: 0 written (or shown), 2 refused: name taken, too long or not allowed, or inputs not valid.
`;

async function onboard(name: string, options: Options): Promise<ExitCode> {
  const layout = readLayout(options);
  const completed = options.dryRun ? undefined : completeEarlierChange(layout);
  const loaded = loadSettled(layout);
  const estate = validForProject(loaded, loaded.draft.defaults.stagingPrefix + name);
  if (estate === undefined) return refuseInputs(loaded, options);
  const command = `onboard ${name}`;
  if (completed?.command === command) return tellDone(completed, options.json ?? false);
  const problems = nameProblems(name, options.bucket, estate);
  if (problems.length > 0) return refuse(problems, options);
  const read = inputReader(layout);
  const hasGroupsFile = (folder: string) => read(`${layout.groups}/${folder}/groups.yaml`) !== undefined;
  const request = await completeRequest(name, options, estate, hasGroupsFile);
  if (!("name" in request)) return refuse(request, options);
  const mistakes = flagProblems(request, estate, hasGroupsFile);
  if (mistakes.length > 0) return refuse(mistakes, options);
  const isAllowed = (path: string, email: string) => groupIsAllowed(estate.restrictions, path, email);
  const changes = planOnboarding(request, estate, layout, read, isAllowed);
  const builds = `infra/ci/builds/${estate.defaults.stagingPrefix}${name}`;
  return changeInputs(layout, loaded, changes, {
    dryRun: options.dryRun ?? false,
    json: options.json ?? false,
    command,
    nextSteps: (stacks) => [
      `open a pull request; its check plans the stacks ${quoteList(stacks)}`,
      `after approval: npx cdktf deploy ${stacks.join(" ")}`,
      ...(request.repository === undefined ? [] : [`copy ${builds}/cloudbuild.yaml into ${request.repository}`]),
      ...(request.repository === undefined || estate.defaults.gcbBuilderServiceAccount !== undefined
        ? []
        : [
            `set gcb-builder-service-account in ${layout.defaults}, which lets that account start builds in the staging projects, and deploy 'staging-*': until then ${builds}/job.yaml starts none`,
          ]),
      `push a release, then write its manifest: npx artifacts manifest --help`,
    ],
  });
}

/** Fills what no flag says from questions or defaults; sentences when flags are wrong, or something needed is missing. */
async function completeRequest(
  name: string,
  options: Options,
  estate: Estate,
  hasGroupsFile: HasGroupsFile,
): Promise<OnboardRequest | readonly string[]> {
  const folders = [...new Set(estate.groups.map(({ file }) => file.split("/").at(-2) ?? ""))].filter(Boolean).sort();
  const needed = [
    {
      text: `Folder that declares the group (${folders.join(", ")})`,
      given: options.groupFolder,
      flag: "--group-folder",
      problems: (answer: string) => folderProblems(folderName(answer), estate, hasGroupsFile),
    },
    {
      text: "E-mail addresses of its first members",
      given: options.member?.join(" "),
      flag: "--member",
      problems: (answer: string) => memberProblems(wordList(answer), name, estate),
    },
    {
      text: "Who approves manifests (logins)",
      given: options.approver?.join(" "),
      flag: "--approver",
      problems: (answer: string) => approverProblems(wordList(answer)),
    },
  ];
  const builds = {
    text: "Source repository for automatic builds, owner/name (empty: none)",
    given: options.repository,
    flag: "--repository",
    problems: (answer: string) => (answer === "" ? [] : repositoryProblems(answer, name)),
  };
  const askable = [...needed, builds];
  const missing = needed.filter(({ given }) => given === undefined);
  const usual = freeDestination(name, estate);
  const destinations = options.destination ?? (usual === undefined ? [] : [usual.base]);
  if (destinations.length === 0)
    return [
      '--destination: needed, as neither defaults.yaml nor other filestores say where files are published. Give a base such as "gs://BUCKET/PREFIX/".',
    ];
  // Flags that are wrong are told before anybody is asked for the others.
  const given = requestOf(askable.map((each) => each.given ?? ""));
  const mistakes = flagProblems(given, estate, hasGroupsFile).filter(
    (problem) => !missing.some(({ flag }) => problem.startsWith(flag)),
  );
  const needs = `${missing.map(({ flag }) => flag).join(", ")}: needed where there is no terminal to ask on.`;
  if (missing.length > 0 && !canAsk()) return [...mistakes, needs];
  if (mistakes.length > 0) return mistakes;
  // Who gives all that is needed by flags is asked nothing.
  const questions = missing.length > 0 ? askable.filter(({ given }) => given === undefined) : [];
  const answers = questions.length > 0 ? await ask(questions) : [];
  if (answers === undefined) return ["the questions were not answered to their end."];
  return requestOf(
    askable.map(({ given, flag }) => given ?? answers[questions.findIndex((each) => each.flag === flag)] ?? ""),
  );

  function requestOf([groupFolder = "", members = "", approvers = "", repository = ""]: readonly string[]) {
    return {
      name,
      groupFolder: folderName(groupFolder),
      members: wordList(members),
      approvers: wordList(approvers),
      sourcePath: (options.sourcePath ?? "releases").replace(/^\/+|\/+$/g, ""),
      destinations,
      isRelease: options.release ?? false,
      ...(usual?.serviceAccount === undefined ? {} : { serviceAccount: usual.serviceAccount }),
      ...(options.bucket === undefined ? {} : { bucket: options.bucket }),
      ...(options.sharedProject === undefined ? {} : { sharedProjectId: options.sharedProject }),
      ...(repository === "" && options.repository === undefined ? {} : { repository }),
    };
  }
}

function folderName(text: string): string {
  return text.trim().replace(/\/+$/, "");
}
