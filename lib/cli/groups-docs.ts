import { groupSettings } from "../model/group-settings";

/** One check of the reconciler's own tests, and what stands for it here. */
export interface ComparedRule {
  readonly original: string;
  readonly ours: string;

  /** Names of our rules; none where the check is about Kubernetes' own people and groups. */
  readonly rules: readonly string[];
}

/** What the Kubernetes groups reconciler's tests check, and ours. */
export const comparedRules: readonly ComparedRule[] = [
  {
    original: "`email-id` is `name@kubernetes.io`",
    ours: "the same for any managed domain; other domains may stand in the name, as in `etcd-security`",
    rules: ["group/name", "group/domain"],
  },
  {
    original: "names are unique",
    ours: "names, addresses and aliases are unique",
    rules: ["group/name-twice", "group/declared-twice"],
  },
  { original: "names have at most 64 characters", ours: "the same", rules: ["group/name-length"] },
  { original: "descriptions have at most 300 characters", ours: "the same", rules: ["group/description"] },
  {
    original: "the name in a staging group's address has at most 18 characters",
    ours: "as many as the prefix leaves in a project id, with a valid shorter name",
    rules: ["staging/name-length"],
  },
  {
    original: "an address stands once in a group",
    ours: "the same, whatever its case, and of Gmail whatever its dots",
    rules: ["group/listed-twice", "address/syntax"],
  },
  { original: "`k8s-infra-*` groups have no owners", ours: "the same", rules: ["group/infra-owners"] },
  {
    original: '`k8s-infra-*` groups have `ReconcileMembers: "true"`',
    ours: "the same",
    rules: ["group/infra-reconcile"],
  },
  {
    original: "`k8s-infra-rbac*` groups and the security group let members see members",
    ours: "the same, for the prefix of defaults.yaml",
    rules: ["group/rbac-view"],
  },
  {
    original: "there is a security group, and its members are exactly the rbac groups",
    ours: "the same; that there is none is a warning",
    rules: ["group/rbac-member", "group/rbac-security-group"],
  },
  {
    original: "`restrictions.yaml` allows the group where it stands",
    ours: "the same, in linear time",
    rules: ["group/not-allowed"],
  },
  {
    original: "pinned members of two admin groups; owners of two security lists; web posting of one list",
    ours: "`guards` in config.yaml",
    rules: ["guard/missing", "guard/members", "guard/owners", "guard/settings"],
  },
  { original: "(none)", ours: "no group contains itself, at any depth", rules: ["group/circle"] },
  {
    original: "(none: a group that is not declared is deleted)",
    ours: "a group leaves after its retirement; nothing in use names a retired one",
    rules: ["change/group-vanished", "group/retired", "group/retired-member", "iam/retired-group", "guard/retired"],
  },
  {
    original: "(none)",
    ours: "a group in a managed domain that nobody declares (warning)",
    rules: ["group/not-declared"],
  },
  {
    original: "(none)",
    ours: "staging projects without group, staging groups without project (warning)",
    rules: ["staging/no-group", "staging/no-project"],
  },
  {
    original: "(none: an unknown setting is ignored)",
    ours: "unknown keys and values are errors; merged and contradicting ones warnings",
    rules: ["group/merged-setting", "group/settings-conflict"],
  },
];

/** The page with its generated tables brought up to date. They stand between `<!-- NAME -->` and `<!-- end -->`. */
export function groupsPage(page: string): string {
  return replaced(replaced(page, "rules", rulesTable()), "settings", settingsTable());
}

function replaced(page: string, name: string, table: string): string {
  const start = `<!-- generated: ${name} -->\n`;
  const from = page.indexOf(start);
  const to = page.indexOf("<!-- end -->", from);
  if (from < 0 || to < 0) throw new Error(`docs/groups.md has no place for the generated table "${name}"`);
  return `${page.slice(0, from + start.length)}${table}${page.slice(to)}`;
}

function rulesTable(): string {
  const rows = comparedRules.map(({ original, ours, rules }) => [
    original,
    ours,
    rules.map((rule) => `\`${rule}\``).join(" "),
  ]);
  return table(["the reconciler's tests", "here", "rules"], rows);
}

function settingsTable(): string {
  const rows = groupSettings.map(({ yamlKey, values, maxLength, default: usual, risky, mergedInto }) => [
    `\`${yamlKey}\``,
    values === undefined
      ? `text, at most ${maxLength} characters`
      : values.map((value) => `\`${value}\`${Object.hasOwn(risky, value) ? " **!**" : ""}`).join(" "),
    usual === undefined ? (mergedInto === undefined ? "as found" : `merged into ${mergedInto}`) : `\`${usual}\``,
  ]);
  return table(["setting", "values (**!** marks those that open a group)", "when not declared"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}
