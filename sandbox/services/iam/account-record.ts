import type { World } from "../../state/world";
import { newEtag, randomDigits } from "../identifiers";

/** `serviceAccounts`, by e-mail address. In Google's own spelling. */
export interface AccountRecord {
  /** `projects/ID/serviceAccounts/EMAIL`. */
  readonly name: string;
  readonly projectId: string;
  readonly uniqueId: string;
  readonly email: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly etag: string;
  readonly oauth2ClientId: string;
  readonly disabled?: boolean;
}

export function accountsOf(world: World) {
  return world.store.collection<AccountRecord>("serviceAccounts");
}

export function newAccount(
  world: World,
  projectId: string,
  email: string,
  { displayName, description }: Pick<AccountRecord, "displayName" | "description">,
): AccountRecord {
  const uniqueId = randomDigits(21);
  return {
    name: `projects/${projectId}/serviceAccounts/${email}`,
    projectId,
    uniqueId,
    email,
    ...(displayName === undefined || displayName === "" ? {} : { displayName }),
    ...(description === undefined || description === "" ? {} : { description }),
    etag: newEtag(world),
    oauth2ClientId: uniqueId,
  };
}
