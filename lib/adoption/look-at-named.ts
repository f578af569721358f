import type { EstateReader, ObservedContact } from "../cloud/observed";
import { principalKey } from "../model/address-keys";
import { CONTACT_CATEGORIES, CONTACT_LANGUAGE, LIEN_ORIGIN, type ProjectRecipe } from "../model/recipe";
import type { Found } from "./found";
import { namedByService } from "./named-by-service";

/** The liens and contacts of a project, which have names that the service gives. */
export async function lookAtNamed(
  { projectId, isGuarded, contacts }: ProjectRecipe,
  projectNumber: string,
  prefix: string,
  reader: EstateReader,
): Promise<Required<Pick<Found, "importIds" | "changes" | "undeclared">>> {
  const found = await namedByService(reader, projectNumber, { liens: true, contacts: contacts.length > 0 });
  const lien = isGuarded ? found.lien(LIEN_ORIGIN) : undefined;
  const existing = contacts.flatMap((email) => found.contact(email) ?? []);
  const ids = existing.map(
    ({ email, name }) => [`google_essential_contacts_contact.${prefix}${principalKey(email)}`, name] as const,
  );
  return {
    importIds: new Map([
      ...(lien === undefined ? [] : [[`google_resource_manager_lien.${prefix}deletion`, lien] as const]),
      ...ids,
    ]),
    changes: existing.flatMap((contact) => contactChanges(projectId, contact)),
    undeclared: found
      .otherLiens(LIEN_ORIGIN)
      .map(
        ({ origin, name }) =>
          `the lien of ${origin} on ${projectId}: as long as it stands, the project can't be shut down (gcloud alpha resource-manager liens delete ${name})`,
      ),
  };
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
