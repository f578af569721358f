import { isUnread, type ReviewOutcome, type UnreadGroup } from "../groups/review-groups";
import { count } from "./format";

/** Whether Google could not be asked about any of them. What it refuses, it has been asked. */
export function isCutOff(outcomes: readonly ReviewOutcome[]): boolean {
  return outcomes.length > 0 && outcomes.every((outcome) => isUnread(outcome) && !outcome.answered);
}

/** Why groups could not be read: once, where all of `total` fail in the same words, as they do for a wrong identity. */
export function unreadLines(unread: readonly UnreadGroup[], total: number): readonly string[] {
  const [first] = unread;
  const isShared = first !== undefined && total > 1 && unread.length === total;
  if (isShared && unread.every(({ message }) => message === first.message))
    return [`all ${count(total, "group")}: ${first.message}`];
  return unread.map(({ email, message }) => `${email}: ${message}`);
}
