import type { Command } from "commander";
import { type ApplyOptions, applyDeclared } from "../groups-apply";
import { diffGroups } from "../groups-diff";
import { addGoogleOptions, type GroupsOptions } from "../groups-options";
import { showGroups } from "../groups-show";
import { who } from "../groups-who";
import { addLayoutOptions } from "../layout-options";

export function define(command: Command): void {
  command.addHelpText("after", "\nRun artifacts groups COMMAND --help for examples and exit codes.\n");

  add(command, "show", "print declared groups with their effective settings", SHOW)
    .argument("[email...]", "addresses, or what stands before their @ (default: a table of all)")
    .action((asked: string[], options: GroupsOptions) => {
      process.exitCode = showGroups(asked, options);
    });

  const diff = add(command, "diff", "compare declared groups with the live ones", DIFF);
  addGoogleOptions(diff);
  diff
    .argument("[email...]", "addresses, or what stands before their @ (default: all)")
    .action(async (asked: string[], options: GroupsOptions) => {
      process.exitCode = await diffGroups(asked, options);
    });

  const apply = add(command, "apply", "bring live groups into their declared form, without Terraform", APPLY);
  addGoogleOptions(apply);
  apply
    .argument("[email...]", "addresses, or what stands before their @ (default: all)")
    .option("--confirm", "change something; without it, the changes are only shown")
    .action(async (asked: string[], options: ApplyOptions) => {
      process.exitCode = await applyDeclared(asked, options);
    });

  add(command, "who", "tell why an address has access: groups, projects, buckets", WHO)
    .argument("<email>", "address of a person, a group or a service account")
    .action((address: string, options: GroupsOptions) => {
      process.exitCode = who(address, options);
    });
}

function add(parent: Command, name: string, summary: string, examples: string): Command {
  const command = parent.command(name).description(summary);
  addLayoutOptions(command);
  return command.option("--json", "print one JSON document instead of text").addHelpText("after", examples);
}

const SHOW = `
Reads files only: no network, no credentials. A ! marks declared settings that open a group.

Examples:
  artifacts groups show
  artifacts groups show k8s-infra-staging-kops
  artifacts groups show k8s-infra-staging-kops@kubernetes.io --json

Exit codes: 0 shown, 2 no such group or inputs not valid.
`;

const DIFF = `
Changes nothing. A ! marks changes that open a group, or take more away than usual.

Examples:
  artifacts groups diff
  artifacts groups diff k8s-infra-staging-kops --json
  artifacts groups diff --service-account groups@p.iam.gserviceaccount.com --subject groups-bot@example.org

Exit codes: 0 all as declared, 1 some differ or could not be read, 2 no such group or inputs not valid, 3 Google could not be asked.
`;

const APPLY = `
Does what a deploy of the groups stack does, without a state: for those who don't use Terraform for groups.

Examples:
  artifacts groups apply
  artifacts groups apply --confirm
  artifacts groups apply k8s-infra-staging-kops --confirm --json

Exit codes: 0 all as declared, 1 some failed (or, without --confirm, differ), 2 no such group or inputs not valid, 3 Google could not be asked.
`;

const WHO = `
Reads files only: no network, no credentials. Knows the projects that are managed here; what everybody may do is left out.

Examples:
  artifacts groups who alice@example.org
  artifacts groups who k8s-infra-staging-kops@kubernetes.io --json

Exit codes: 0 told, 2 not an address or inputs not valid.
`;
