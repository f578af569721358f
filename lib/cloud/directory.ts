import type { GroupRole } from "../model/groups";
import { answeredList, answeredNothing, answeredObject, answeredText, answeredTextIfAny } from "./google-answer";
import type { CallOptions, GoogleCaller } from "./google-caller";

/** A Google Group as the Directory knows it; its settings are another API's. */
export interface DirectoryGroup {
  /** The primary address; may differ from the one asked for, which can be an alias. */
  readonly email: string;
  readonly name: string;
  readonly description: string;
  readonly aliases: readonly string[];
}

/** A membership as listed. */
export interface DirectoryMember {
  /** Google's id of the member; the address where it has none. */
  readonly key: string;

  /** Undefined for "everyone in the organization", and for accounts that no longer exist. */
  readonly email?: string;
  readonly role: GroupRole;

  /** `USER`, `GROUP`, `CUSTOMER` or `EXTERNAL`. */
  readonly type: string;

  /** E.g. `ACTIVE`, `SUSPENDED`; external members have none. */
  readonly status?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** The calls of the Directory API that managing groups takes: one method is one HTTP call. All fail with GoogleApiError. */
export interface Directory {
  listGroups(domain: string, pageToken?: string): Promise<Page<DirectoryGroup>>;
  getGroup(email: string): Promise<DirectoryGroup>;
  insertGroup(group: Pick<DirectoryGroup, "email" | "name" | "description">): Promise<DirectoryGroup>;
  patchGroup(email: string, change: Partial<Pick<DirectoryGroup, "name" | "description">>): Promise<void>;
  deleteGroup(email: string): Promise<void>;
  insertAlias(email: string, alias: string): Promise<void>;
  deleteAlias(email: string, alias: string): Promise<void>;
  listMembers(email: string, pageToken?: string): Promise<Page<DirectoryMember>>;

  /** `member` is an address (primary or alias) or a key. */
  getMember(email: string, member: string): Promise<DirectoryMember>;
  insertMember(email: string, address: string, role: GroupRole): Promise<void>;
  patchMember(email: string, member: string, role: GroupRole): Promise<void>;
  deleteMember(email: string, member: string): Promise<void>;
}

/** The largest page the API gives. */
const maxResults = 200;

/** The Directory API over HTTP. The client library is loaded with the first call. */
export function googleDirectory(caller: GoogleCaller): Directory {
  const admin = caller.connect(async (options) => {
    const { admin_directory_v1 } = await import("googleapis/build/src/apis/admin/directory_v1.js");
    return new admin_directory_v1.Admin(options);
  });
  const { call } = caller;
  /** For calls whose answer says that they were made. */
  const asked = <T extends object>(name: string, make: (options: CallOptions) => Promise<{ readonly data: T }>) =>
    call(name, async (options) => answeredObject(name, (await make(options)).data));
  const removed = (name: string, make: (options: CallOptions) => Promise<{ readonly data: unknown }>) =>
    call(name, async (options) => answeredNothing(name, (await make(options)).data));
  return {
    listGroups: async (domain, pageToken) => {
      const name = "directory.groups.list";
      const query = { domain, maxResults, ...(pageToken !== undefined && { pageToken }) };
      const data = await asked(name, async (options) => (await admin()).groups.list(query, options));
      return page(name, data.nextPageToken, answeredList(name, "groups", data.groups), toGroup);
    },
    getGroup: async (groupKey) => {
      const name = "directory.groups.get";
      return toGroup(name, await asked(name, async (options) => (await admin()).groups.get({ groupKey }, options)));
    },
    insertGroup: async (requestBody) => {
      const name = "directory.groups.insert";
      return toGroup(
        name,
        await asked(name, async (options) => (await admin()).groups.insert({ requestBody }, options)),
      );
    },
    patchGroup: async (groupKey, requestBody) => {
      await asked("directory.groups.patch", async (options) =>
        (await admin()).groups.patch({ groupKey, requestBody }, options),
      );
    },
    deleteGroup: (groupKey) =>
      removed("directory.groups.delete", async (options) => (await admin()).groups.delete({ groupKey }, options)),
    insertAlias: async (groupKey, alias) => {
      await asked("directory.groups.aliases.insert", async (options) =>
        (await admin()).groups.aliases.insert({ groupKey, requestBody: { alias } }, options),
      );
    },
    deleteAlias: (groupKey, alias) =>
      removed("directory.groups.aliases.delete", async (options) =>
        (await admin()).groups.aliases.delete({ groupKey, alias }, options),
      ),
    listMembers: async (groupKey, pageToken) => {
      const name = "directory.members.list";
      const query = { groupKey, maxResults, ...(pageToken !== undefined && { pageToken }) };
      const data = await asked(name, async (options) => (await admin()).members.list(query, options));
      return page(name, data.nextPageToken, answeredList(name, "members", data.members), toMember);
    },
    getMember: async (groupKey, memberKey) => {
      const name = "directory.members.get";
      const data = await asked(name, async (options) => (await admin()).members.get({ groupKey, memberKey }, options));
      return toMember(name, data);
    },
    insertMember: async (groupKey, email, role) => {
      await asked("directory.members.insert", async (options) =>
        (await admin()).members.insert({ groupKey, requestBody: { email, role } }, options),
      );
    },
    patchMember: async (groupKey, memberKey, role) => {
      await asked("directory.members.patch", async (options) =>
        (await admin()).members.patch({ groupKey, memberKey, requestBody: { role } }, options),
      );
    },
    deleteMember: (groupKey, memberKey) =>
      removed("directory.members.delete", async (options) =>
        (await admin()).members.delete({ groupKey, memberKey }, options),
      ),
  };
}

type Nullable<T> = { readonly [Key in keyof T]?: T[Key] | null };

function toGroup(call: string, { email, name, description, aliases }: Nullable<DirectoryGroup>): DirectoryGroup {
  return {
    email: answeredText(call, "address", email),
    name: answeredTextIfAny(call, "name", name) ?? "",
    description: answeredTextIfAny(call, "description", description) ?? "",
    aliases: answeredList(call, "aliases", aliases).map((alias) => answeredText(call, "text as alias", alias)),
  };
}

interface WireMember {
  readonly id?: string | null;
  readonly email?: string | null;
  readonly role?: string | null;
  readonly type?: string | null;
  readonly status?: string | null;
}

function toMember(call: string, { id, email: address, role, type, status: found }: WireMember): DirectoryMember {
  const email = answeredTextIfAny(call, "address of a member", address);
  const status = answeredTextIfAny(call, "status of a member", found);
  return {
    key: answeredText(call, "id of a member", id || email),
    ...(email && { email }),
    role: role === "OWNER" || role === "MANAGER" ? role : "MEMBER",
    type: answeredTextIfAny(call, "type of a member", type) ?? "USER",
    ...(status && { status }),
  };
}

function page<Wire extends object, T>(
  call: string,
  token: string | null | undefined,
  list: readonly Wire[],
  read: (call: string, item: Wire) => T,
): Page<T> {
  const items = list.map((item) => read(call, answeredObject(call, item)));
  const next = answeredTextIfAny(call, "token of the next page", token);
  return next ? { items, next } : { items };
}
