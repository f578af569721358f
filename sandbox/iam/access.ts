import { googleError } from "../http/errors";
import type { Principal } from "../http/service";
import type { Binding, PolicyRecord } from "../state/records";
import type { Store } from "../state/store";
import { bindingsInForce } from "./bucket-policy";
import { holds, type Subject } from "./condition";
import { GroupMembership } from "./groups";
import { Hierarchy } from "./hierarchy";
import { RoleBook } from "./role-book";

/** Who may do what: the policies of a resource and of all it lies in, evaluated as Google does. */
export class Access {
  private readonly groups: GroupMembership;
  private readonly hierarchy: Hierarchy;
  private readonly roles: RoleBook;

  constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly now: () => number,
  ) {
    this.groups = new GroupMembership(store);
    this.hierarchy = new Hierarchy(store);
    this.roles = new RoleBook(store);
  }

  /**
   * True if `principal` holds `permission` on `resource`, e.g. `projects/p`, `buckets/b`, `buckets/b/objects/dir/name`,
   * `projects/p/serviceAccounts/a@p.iam.gserviceaccount.com`. Grants on whatever the resource lies in count.
   */
  allows(principal: Principal, permission: string, resource: string): boolean {
    if (principal === this.owner) return true;
    const identities = this.groups.identitiesOf(principal);
    const subject: Subject = { resource, now: this.now() };
    return this.hierarchy
      .lineage(resource)
      .some((name) =>
        bindingsInForce(this.store, name).some((binding) => this.grants(binding, permission, identities, subject)),
      );
  }

  /** Throws Google's 401 or 403 unless `allows`. Resource Manager and the newer services word it this way. */
  require(principal: Principal, permission: string, resource: string): void {
    if (this.allows(principal, permission, resource)) return;
    if (principal === undefined) {
      throw googleError(
        401,
        "required",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      );
    }
    throw googleError(
      403,
      "forbidden",
      `Permission '${permission}' denied on resource '//${resource}' (or it may not exist).`,
    );
  }

  private grants(
    { role, members, condition }: Binding,
    permission: string,
    identities: ReadonlySet<string>,
    subject: Subject,
  ): boolean {
    return (
      members.some((member) => this.covers(member, identities)) &&
      this.roles.includes(role, permission) &&
      (condition === undefined || holds(condition.expression, subject))
    );
  }

  /** `projectEditor:p` stands for everybody who holds `roles/editor` on p; every other member for itself. */
  private covers(member: string, identities: ReadonlySet<string>): boolean {
    const normal = normalMember(member);
    if (identities.has(normal)) return true;
    const convenience = /^project(owner|editor|viewer):(.+)$/.exec(normal);
    if (convenience === null) return false;
    const policy = this.store.collection<PolicyRecord>("policies").get(`projects/${convenience[2]}`);
    return (policy?.bindings ?? []).some(
      ({ role, members }) =>
        role === `roles/${convenience[1]}` && members.some((holder) => identities.has(normalMember(holder))),
    );
  }
}

/** Members compare without regard to case. */
export function normalMember(member: string): string {
  return member.toLowerCase();
}
