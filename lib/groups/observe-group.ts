import type { DirectoryGroup, DirectoryMember, Page } from "../cloud/directory";
import { GoogleApiError, isMissing } from "../cloud/google-api-error";
import { accountAddress } from "../model/principals";
import { normalAddress } from "./addresses";
import type { ObservedGroup, ObservedMember } from "./observed-group";
import type { GroupsSession } from "./session";

/** Thrown when a group's address leads to another group: changing that one would be a disaster. */
export class AliasOfAnotherGroupError extends Error {
  override readonly name = "AliasOfAnotherGroupError";

  constructor(email: string, owner: string) {
    super(`${email} is an alias of the group ${owner}; remove the alias there, or declare ${owner} instead`);
  }
}

/**
 * Reads the whole group, all pages, or undefined when there is none. `declared` are the addresses a declaration uses:
 * Google lists an account under its primary address even if it was added under another one, and only it knows that
 * both are the same. Where it can't say so of one of them, `onDoubt` is told why, if it is there.
 */
export async function observeGroup(
  session: GroupsSession,
  email: string,
  declared: readonly string[],
  listed?: DirectoryGroup,
  onDoubt?: (doubt: string) => void,
): Promise<ObservedGroup | undefined> {
  const group = listed ?? (await unlessMissing(session.directory((directory) => directory.getGroup(email))));
  if (group === undefined) return undefined;
  if (normalAddress(group.email) !== normalAddress(email)) throw new AliasOfAnotherGroupError(email, group.email);

  const [members, settings] = await Promise.all([
    unlessMissing(allPages((token) => session.directory((directory) => directory.listMembers(email, token)))),
    // The settings of a group appear a moment after the group itself.
    unlessMissing(session.settings((api) => api.get(email), isMissing)),
  ]);
  // Deleted between two calls.
  if (members === undefined || settings === undefined) return undefined;
  return { ...group, members: await underDeclaredNames(session, email, members, declared, onDoubt), settings };
}

/** As many as the largest group has, and more: 200 items are on a page. */
const MAX_PAGES = 5000;

/**
 * Follows `next` to the last page. A member that moves between pages while they are read is kept once. A list that
 * leads back to a page already read would be followed for ever, and is no list.
 */
export async function allPages<T>(read: (token?: string) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await read(token);
    items.push(...page.items);
    token = page.next;
    if (token === undefined) return items;
    if (tokens.has(token))
      throw new Error(`Google's list does not end: page ${tokens.size + 1} leads back to a page before it`);
    if (tokens.size >= MAX_PAGES) throw new Error(`Google's list does not end: it has more than ${MAX_PAGES} pages`);
    tokens.add(token);
  }
}

async function underDeclaredNames(
  session: GroupsSession,
  email: string,
  listed: readonly DirectoryMember[],
  declared: readonly string[],
  onDoubt?: (doubt: string) => void,
): Promise<readonly ObservedMember[]> {
  const members = new Map(listed.map((member) => [member.key, observedMember(member)]));
  const wanted = new Set(declared.map(normalAddress));
  const known = new Set([...members.values()].map(({ address }) => address));
  for (const address of wanted) {
    if (known.has(address)) continue;
    // Only a member that nobody declares can be the same account under its other name.
    const others = [...members.values()].filter((member) => !wanted.has(member.address));
    if (others.length === 0) break;
    let same: { readonly key: string } | undefined;
    try {
      same =
        others.find((member) => accountAddress(member.address) === accountAddress(address)) ??
        (await findMember(session, email, address));
    } catch (error) {
      if (onDoubt === undefined || !(error instanceof GoogleApiError)) throw error;
      onDoubt(`Google can't say whether it is ${address} under another name: ${error.message}`);
      break;
    }
    const member = same && members.get(same.key);
    if (member !== undefined && !wanted.has(member.address))
      members.set(member.key, { ...member, address, hasAddress: true });
  }
  return [...members.values()];
}

/** The membership of an account under any of its addresses. The API refuses (400) some addresses outside its domains. */
export async function findMember(
  session: GroupsSession,
  email: string,
  address: string,
): Promise<DirectoryMember | undefined> {
  try {
    return await session.directory((directory) => directory.getMember(email, address));
  } catch (error) {
    if (error instanceof GoogleApiError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

function observedMember({ email, ...member }: DirectoryMember): ObservedMember {
  return email === undefined
    ? { ...member, address: member.key, hasAddress: false }
    : { ...member, address: normalAddress(email), hasAddress: true };
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
