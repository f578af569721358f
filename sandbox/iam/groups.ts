import type { Principal } from "../http/service";
import type { GroupRecord, MemberRecord } from "../state/records";
import type { Store } from "../state/store";

/** Which members of a policy a principal is: itself, everybody, and the groups that it is in, nested ones too. */
export class GroupMembership {
  private readonly known = new Map<string, ReadonlySet<string>>();
  private version = -1;
  private groupsOf: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(private readonly store: Store) {}

  /** Lower-case members, e.g. `user:a@example.org`, `group:g@example.org`, `domain:example.org`, `allusers`. */
  identitiesOf(principal: Principal): ReadonlySet<string> {
    if (principal === undefined) return new Set(["allusers"]);
    this.refresh();
    const known = this.known.get(principal);
    if (known !== undefined) return known;
    const identities = this.expand(principal.toLowerCase());
    this.known.set(principal, identities);
    return identities;
  }

  private expand(principal: string): ReadonlySet<string> {
    const email = principal.slice(principal.indexOf(":") + 1);
    const identities = new Set(["allusers", "allauthenticatedusers", principal]);
    const domain = email.split("@")[1];
    if (principal.startsWith("user:") && domain !== undefined) identities.add(`domain:${domain}`);
    // Each group is looked at once, so groups that contain each other end.
    const open = [email];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const group of this.groupsOf.get(next) ?? []) {
        if (identities.has(`group:${group}`)) continue;
        identities.add(`group:${group}`);
        open.push(group);
      }
    }
    for (const { email: address, aliases } of this.groups().values()) {
      if (!identities.has(`group:${address.toLowerCase()}`)) continue;
      for (const alias of aliases ?? []) identities.add(`group:${alias.toLowerCase()}`);
    }
    return identities;
  }

  private groups() {
    return this.store.collection<GroupRecord>("groups");
  }

  private refresh(): void {
    const members = this.store.collection<MemberRecord>("members");
    const version = members.version + this.groups().version;
    if (version === this.version) return;
    this.version = version;
    this.known.clear();
    const groupsOf = new Map<string, string[]>();
    const addresses = new Map<string, string>();
    for (const { email, aliases } of this.groups().values()) {
      for (const alias of aliases ?? []) addresses.set(alias.toLowerCase(), email.toLowerCase());
    }
    for (const key of members.keys()) {
      const [group = "", written = ""] = key.toLowerCase().split("/");
      const member = addresses.get(written) ?? written;
      groupsOf.set(member, [...(groupsOf.get(member) ?? []), group]);
    }
    this.groupsOf = groupsOf;
  }
}
