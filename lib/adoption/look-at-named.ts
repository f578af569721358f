import type { EstateReader, ObservedContact } from "../cloud/observed";
import { principalKey } from "../model/address-keys";
import { notifiedContacts } from "../model/planned-resources";
import { CONTACT_CATEGORIES, CONTACT_LANGUAGE, LIEN_ORIGIN, type ProjectRecipe } from "../model/recipe";
import type { Found } from "./found";
import { type NamedByService, namedByService } from "./named-by-service";

/** What of a project has names that the service gives: liens, contacts, its budget and the channels that it tells. */
export async function lookAtNamed(
  recipe: ProjectRecipe,
  projectNumber: string,
  prefix: string,
  reader: EstateReader,
): Promise<Required<Pick<Found, "importIds" | "changes" | "undeclared" | "unseen" | "obstacles">>> {
  const { projectId, contacts, budget, billingAccount } = recipe;
  const found = await namedByService(reader, projectNumber, {
    liens: true,
    contacts: contacts.length > 0,
    budgetsOf: budget && billingAccount,
    channelsOf: budget && contacts.length > 0 ? projectId : undefined,
  });
  const things = thingsOf(recipe, found);
  return {
    importIds: new Map(
      things.flatMap(({ address: [type, name], ids: [id, ...others] }) =>
        id === undefined || others.length > 0 ? [] : [[`${type}.${prefix}${name}`, id] as const],
      ),
    ),
    obstacles: things
      .filter(({ ids }) => ids.length > 1)
      .map(
        ({ what, ids }) =>
          `${what}: exists ${ids.length} times: ${ids.join(", ")}. Which of them the stack is to look after can't be told: delete the others, and run this again.`,
      ),
    changes: contacts.flatMap(found.contacts).flatMap((contact) => contactChanges(projectId, contact)),
    unseen: found.hidden.map((what) => `${projectId}: its ${what}; what there is, the plan makes again`),
    undeclared: found
      .otherLiens(LIEN_ORIGIN)
      .map(
        ({ origin, name }) =>
          `the lien of ${origin} on ${projectId}: as long as it stands, the project can't be shut down (gcloud alpha resource-manager liens delete ${name})`,
      ),
  };
}

/** Something that is declared, and the import ids of all that it can be. */
interface Thing {
  readonly what: string;

  /** Its resource type and name. */
  readonly address: readonly [string, string];
  readonly ids: readonly string[];
}

function thingsOf({ projectId, isGuarded, contacts, budget }: ProjectRecipe, found: NamedByService): readonly Thing[] {
  const lien: Thing = {
    what: `the lien of ${LIEN_ORIGIN} on ${projectId}`,
    address: ["google_resource_manager_lien", "deletion"],
    ids: found.liens(LIEN_ORIGIN),
  };
  const monthly: Thing = {
    what: `the budget ${projectId}`,
    address: ["google_billing_budget", "monthly"],
    ids: found.budgets(projectId),
  };
  return [
    ...(isGuarded ? [lien] : []),
    ...contacts.map(
      (email): Thing => ({
        what: email,
        address: ["google_essential_contacts_contact", principalKey(email)],
        ids: found.contacts(email).map(({ name }) => name),
      }),
    ),
    ...(budget === undefined ? [] : [monthly]),
    ...(budget === undefined ? [] : notifiedContacts(contacts)).map(
      (email): Thing => ({
        what: `the notification channel ${email}`,
        address: ["google_monitoring_notification_channel", principalKey(email)],
        ids: found.channels(email),
      }),
    ),
  ];
}

function contactChanges(
  projectId: string,
  { email, language = CONTACT_LANGUAGE, categories = CONTACT_CATEGORIES }: ObservedContact,
): readonly string[] {
  const wanted = CONTACT_CATEGORIES.join(" and ");
  const now = [...categories].sort().join(" and ");
  return [
    ...(language === CONTACT_LANGUAGE
      ? []
      : [`${email}: is told of ${projectId} in ${CONTACT_LANGUAGE}, now in ${language}`]),
    ...(now === wanted ? [] : [`${email}: is told of ${projectId} about ${wanted}, now about ${now || "nothing"}`]),
  ];
}
