import { type Access, accessOf, type RoleAccess } from "../model/access";
import { retirementTitle } from "../model/group-retirement";
import { emailProblem } from "../model/principals";
import { ExitCode } from "./exit-codes";
import { count } from "./format";
import { type GroupsOptions, readEstate } from "./groups-options";
import { UsageError } from "./usage-error";

/** Prints why an address has access; reads files only. */
export function who(address: string, options: GroupsOptions): ExitCode {
  const problem = emailProblem(address);
  if (problem !== undefined) throw new UsageError([problem.what, problem.repair].filter(Boolean).join(". "));
  const access = accessOf(readEstate(options), address);
  process.stdout.write(options.json ? `${JSON.stringify(document(access), null, 2)}\n` : page(access));
  return ExitCode.ok;
}

function document({ address, groups, retired, roles }: Access): object {
  return {
    address,
    groups: groups.map(({ group: { email, at, retired: end }, role, through }) => ({
      email,
      role,
      through,
      ...(end && { retired: end }),
      at,
    })),
    retired: retired.map(({ email, retired: end, at }) => ({ email, ...end, at })),
    roles,
  };
}

function page({ address, groups, retired, roles }: Access): string {
  if (groups.length === 0 && roles.length === 0 && retired.length === 0)
    return `${address} is in no declared group and has no role of its own\n`;
  const lines = [
    `${address}: ${count(groups.length, "group")}, ${count(roles.length, "role")}`,
    ...(groups.length === 0 ? [] : ["    groups"]),
    ...groups.map(
      ({ group: { email, at, retired: end }, role, through }) =>
        `      ${email}  ${because(role, through, `${at.file}:${at.line}`)}${end === undefined ? "" : ` (${retirementTitle(end)})`}`,
    ),
    ...(retired.length === 0 ? [] : ["    retired groups, which give nothing any more"]),
    ...retired.map(
      ({ email, retired: end, at }) => `      ${email}  ${end && retirementTitle(end)}, ${at.file}:${at.line}`,
    ),
    ...[...placesByKind(roles)].flatMap(([kind, places]) => [
      `    ${kind}`,
      ...[...places].flatMap(([place, held]) => [`      ${place}`, ...roleLines(held)]),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function because(role: string, through: readonly string[], place: string): string {
  return through.length === 0 ? `${role}, ${place}` : `through ${through.join(" in ")}`;
}

/** The roles at one place, those that come on the same way together. */
function roleLines(held: readonly RoleAccess[]): readonly string[] {
  const ways = new Map<string, Set<string>>();
  for (const each of held) ways.set(wayOf(each), (ways.get(wayOf(each)) ?? new Set()).add(each.role));
  return [...ways].flatMap(([way, roles]) => [`        ${way}`, ...[...roles].map((role) => `          ${role}`)]);
}

/** Who holds the role is the last of the way to it. */
function wayOf({ principal, through }: RoleAccess): string {
  const way = through.length === 0 ? "granted to the address itself" : `through ${through.join(" in ")}`;
  return principal.startsWith("project") ? `${way}, as ${principal}` : way;
}

const titles: Readonly<Record<RoleAccess["kind"], string>> = {
  project: "projects",
  bucket: "buckets",
  folder: "folders",
  repository: "repositories",
  "service account": "service accounts it may act as",
};

function placesByKind(roles: readonly RoleAccess[]): ReadonlyMap<string, ReadonlyMap<string, readonly RoleAccess[]>> {
  const kinds = new Map<string, Map<string, RoleAccess[]>>();
  for (const each of roles) {
    const places = kinds.get(titles[each.kind]) ?? new Map<string, RoleAccess[]>();
    places.set(each.place, [...(places.get(each.place) ?? []), each]);
    kinds.set(titles[each.kind], places);
  }
  return kinds;
}
