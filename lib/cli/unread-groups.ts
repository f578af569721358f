import type { UnreadGroup } from "../groups/review-groups";
import { count } from "./format";

/** Why groups could not be read: once, where all of `total` fail in the same words, as they do for a wrong identity. */
export function unreadLines(unread: readonly UnreadGroup[], total: number): readonly string[] {
  const [first] = unread;
  const isShared = first !== undefined && total > 1 && unread.length === total;
  if (isShared && unread.every(({ message }) => message === first.message))
    return [`all ${count(total, "group")}: ${first.message}`];
  return unread.map(({ email, message }) => `${email}: ${message}`);
}
