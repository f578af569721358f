import type { Directory, DirectoryMember } from "../../lib/cloud/directory";
import { GoogleApiError } from "../../lib/cloud/google-api-error";
import type { GroupSettingsApi } from "../../lib/cloud/group-settings";
import type { GroupRole } from "../../lib/model/groups";

export interface FakeGroup {
  readonly email: string;
  name: string;
  description: string;
  readonly aliases: Set<string>;
  readonly members: Map<string, DirectoryMember>;
  settings: Record<string, string>;
}

/** What goes wrong with one call: an HTTP status instead of doing it, or a connection cut before or after it was done. */
export interface Fault {
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  readonly afterEffect?: boolean;
}

export interface FakeOptions {
  readonly domain: string;

  /** @default 200 */
  readonly pageSize?: number;

  /** Awaited before each call. */
  readonly latency?: () => Promise<void>;

  /** Asked before each call, e.g. of `directory.members.insert` with the address that is to be inserted. */
  readonly fault?: (call: string, subject: string) => Fault | undefined;

  /** Google refuses to remove or demote the last owner of a group. */
  readonly keepsLastOwner?: boolean;

  /** Two groups can't contain each other. */
  readonly forbidsCycles?: boolean;

  /** Settings that this organization does not allow, e.g. `allowExternalMembers=true`. */
  readonly refusedSettings?: readonly string[];
}

/** What a new group has before anybody sets anything: deliberately other values than ours. */
const initialSettings = {
  allowExternalMembers: "false",
  whoCanJoin: "CAN_REQUEST_TO_JOIN",
  whoCanViewMembership: "ALL_MEMBERS_CAN_VIEW",
  whoCanPostMessage: "ANYONE_CAN_POST",
  whoCanModerateMembers: "OWNERS_AND_MANAGERS",
};

/** Google Groups in memory, as far as their behaviour matters here: a second implementation of both ports. */
export class FakeGoogleGroups {
  readonly groups = new Map<string, FakeGroup>();

  /** Addresses of accounts in the domain, each with its primary address. Addresses elsewhere all exist. */
  readonly accounts = new Map<string, string>();
  readonly calls: string[] = [];

  constructor(private options: FakeOptions) {}

  configure(options: Partial<FakeOptions>): void {
    this.options = { ...this.options, ...options };
  }

  seed(
    email: string,
    members: Readonly<Record<string, GroupRole>> = {},
    settings: Readonly<Record<string, string>> = {},
  ): FakeGroup {
    const group: FakeGroup = {
      email,
      name: email.replace(/@.*/, ""),
      description: "",
      aliases: new Set(),
      members: new Map(),
      settings: { ...initialSettings, ...settings },
    };
    this.groups.set(email, group);
    for (const [address, role] of Object.entries(members)) this.join(group, address, role);
    return group;
  }

  readonly directory: Directory = {
    listGroups: (domain, token) =>
      this.call("directory.groups.list", domain, () => {
        const all = [...this.groups.values()].filter(({ email }) => email.endsWith(`@${domain}`));
        return this.page(all.map(shown), token);
      }),
    getGroup: (key) => this.call("directory.groups.get", key, () => shown(this.find(key))),
    insertGroup: ({ email, name, description }) =>
      this.call("directory.groups.insert", email, () => {
        if (this.isTaken(email)) throw this.error(409, "Entity already exists.");
        return shown(Object.assign(this.seed(email), { name, description }));
      }),
    patchGroup: (key, change) =>
      this.call("directory.groups.patch", key, () => void Object.assign(this.find(key), change)),
    deleteGroup: (key) =>
      this.call("directory.groups.delete", key, () => void this.groups.delete(this.find(key).email)),
    insertAlias: (key, alias) =>
      this.call("directory.groups.aliases.insert", alias, () => {
        const group = this.find(key);
        if (this.isTaken(alias)) throw this.error(409, "Entity already exists.");
        group.aliases.add(alias);
      }),
    deleteAlias: (key, alias) =>
      this.call("directory.groups.aliases.delete", alias, () => {
        if (!this.find(key).aliases.delete(alias)) throw this.error(404, "Resource Not Found: alias");
      }),
    listMembers: (key, token) =>
      this.call("directory.members.list", key, () => this.page([...this.find(key).members.values()], token)),
    getMember: (key, member) => this.call("directory.members.get", member, () => this.member(key, member)),
    insertMember: (key, address, role) =>
      this.call("directory.members.insert", address, () => {
        const group = this.find(key);
        const primary = this.primary(address);
        if (primary === undefined) throw this.error(404, "Resource Not Found: memberKey");
        if (group.members.has(`id-${primary}`)) throw this.error(409, "Member already exists.");
        if (this.options.forbidsCycles && this.groups.get(primary)?.members.has(`id-${group.email}`)) {
          throw this.error(400, "Cyclic memberships not allowed");
        }
        this.join(group, primary, role);
        if (!primary.endsWith(`@${this.options.domain}`)) group.settings.allowExternalMembers = "true";
      }),
    patchMember: (key, member, role) =>
      this.call("directory.members.patch", member, () => {
        const found = this.member(key, member);
        if (role !== "OWNER") this.guardLastOwner(key, found);
        this.find(key).members.set(found.key, { ...found, role });
      }),
    deleteMember: (key, member) =>
      this.call("directory.members.delete", member, () => {
        const found = this.member(key, member);
        this.guardLastOwner(key, found);
        this.find(key).members.delete(found.key);
      }),
  };

  readonly settings: GroupSettingsApi = {
    get: (key) => this.call("groupssettings.groups.get", key, () => ({ ...this.find(key).settings })),
    patch: (key, change) =>
      this.call("groupssettings.groups.patch", key, () => {
        const group = this.find(key);
        const refused = Object.entries(change).find(([name, value]) =>
          this.options.refusedSettings?.includes(`${name}=${value}`),
        );
        if (refused !== undefined) throw this.error(400, `Invalid Value: ${refused[0]}`);
        group.settings = { ...group.settings, ...change };
      }),
  };

  /** Members as `address → role`, for assertions. */
  roles(email: string): Readonly<Record<string, GroupRole>> {
    const members = [...this.find(email).members.values()];
    return Object.fromEntries(members.map(({ email: address, key, role }) => [address ?? key, role]).sort());
  }

  private async call<T>(name: string, subject: string, effect: () => T): Promise<T> {
    this.calls.push(name);
    await this.options.latency?.();
    const fault = this.options.fault?.(name, subject);
    if (fault === undefined) return this.named(name, effect);
    if (fault.afterEffect) this.named(name, effect);
    throw new GoogleApiError(name, "An injected fault.", fault.status, fault.reason, fault.retryAfterSeconds);
  }

  private named<T>(name: string, effect: () => T): T {
    try {
      return effect();
    } catch (error) {
      if (!(error instanceof GoogleApiError)) throw error;
      throw new GoogleApiError(name, error.says, error.status, error.reason);
    }
  }

  private error(status: number, says: string): GoogleApiError {
    return new GoogleApiError("", says, status);
  }

  private find(key: string): FakeGroup {
    const wanted = key.toLowerCase();
    const group = this.groups.get(wanted) ?? [...this.groups.values()].find(({ aliases }) => aliases.has(wanted));
    if (group === undefined) throw this.error(404, "Resource Not Found: groupKey");
    return group;
  }

  private isTaken(address: string): boolean {
    return (
      this.groups.has(address) ||
      this.accounts.has(address) ||
      [...this.groups.values()].some(({ aliases }) => aliases.has(address))
    );
  }

  /** The primary address, or undefined for an address of the domain that nobody has. */
  private primary(address: string): string | undefined {
    const wanted = address.toLowerCase();
    const known = this.accounts.get(wanted);
    if (known !== undefined) return known;
    return wanted.endsWith(`@${this.options.domain}`) && !this.groups.has(wanted) ? undefined : wanted;
  }

  private join(group: FakeGroup, address: string, role: GroupRole): void {
    const key = `id-${address.toLowerCase()}`;
    // Google keeps the case in which an external address was first written.
    const isEveryone = !address.includes("@");
    group.members.set(key, {
      key,
      role,
      type: isEveryone ? "CUSTOMER" : "USER",
      ...(isEveryone ? {} : { email: address }),
    });
  }

  private member(key: string, member: string): DirectoryMember {
    const { members } = this.find(key);
    const found = members.get(member) ?? members.get(`id-${this.primary(member) ?? member}`);
    if (found === undefined) throw this.error(404, "Resource Not Found: memberKey");
    return found;
  }

  private guardLastOwner(key: string, member: DirectoryMember): void {
    if (!this.options.keepsLastOwner || member.role !== "OWNER") return;
    const owners = [...this.find(key).members.values()].filter(({ role }) => role === "OWNER");
    if (owners.length === 1) throw this.error(400, "Cannot remove the last owner of a group.");
  }

  private page<T>(all: readonly T[], token = "0"): { readonly items: readonly T[]; readonly next?: string } {
    const { pageSize = 200 } = this.options;
    const end = Number(token) + pageSize;
    return { items: all.slice(Number(token), end), ...(end < all.length && { next: String(end) }) };
  }
}

function shown({ email, name, description, aliases }: FakeGroup) {
  return { email, name, description, aliases: [...aliases] };
}
