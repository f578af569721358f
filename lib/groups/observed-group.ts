import type { DirectoryGroup, DirectoryMember } from "../cloud/directory";

/** A member as found. */
export interface ObservedMember extends Omit<DirectoryMember, "email"> {
  /** The normalised address by which the declaration knows it, else its primary address, else its key. */
  readonly address: string;

  /** Whether `address` is an e-mail address at all: "everyone in the organization" and deleted accounts have none. */
  readonly hasAddress: boolean;
}

/** A Google Group as found, everything of it. */
export interface ObservedGroup extends DirectoryGroup {
  readonly members: readonly ObservedMember[];
  readonly settings: Readonly<Record<string, string>>;
}
