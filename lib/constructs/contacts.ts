import { EssentialContactsContact } from "@cdktf/provider-google/lib/essential-contacts-contact";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { principalKey } from "../model/address-keys";
import { CONTACT_CATEGORIES, CONTACT_LANGUAGE } from "../model/recipe";
import { literal } from "./literal";

export interface ContactsProps {
  /** E.g. `projects/123456789012`. */
  readonly parent: string;

  readonly addresses: readonly string[];
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The people whom Google tells about whatever happens to a project. */
export class Contacts extends Construct {
  constructor(scope: Construct, id: string, { parent, addresses, dependsOn }: ContactsProps) {
    super(scope, id);
    for (const email of addresses) {
      new EssentialContactsContact(this, principalKey(email), {
        parent,
        email: literal(email),
        languageTag: CONTACT_LANGUAGE,
        notificationCategorySubscriptions: [...CONTACT_CATEGORIES],
        dependsOn: [...dependsOn],
      });
    }
  }
}
