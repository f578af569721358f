import type { EstateReader, ObservedContact, ObservedLien } from "../cloud/observed";

/** What the service itself gives a name, by what the stack says of it. */
export interface NamedByService {
  /** Its import id. */
  lien(origin: string): string | undefined;
  otherLiens(origin: string): readonly ObservedLien[];

  /** Its name is its import id. */
  contact(email: string): ObservedContact | undefined;
}

/** Looks a project's liens and contacts up, as far as the stack has any. */
export async function namedByService(
  reader: Pick<EstateReader, "liens" | "contacts">,
  projectNumber: string,
  has: { readonly liens: boolean; readonly contacts: boolean },
): Promise<NamedByService> {
  const [liens, contacts] = await Promise.all([
    has.liens ? reader.liens(projectNumber) : [],
    has.contacts ? reader.contacts(projectNumber) : [],
  ]);
  return {
    lien(origin) {
      const found = liens.find((lien) => lien.origin === origin);
      // By the project's number, as the stack names it: with the id the next plan would replace the lien.
      return found && `${projectNumber}/${found.name}`;
    },
    otherLiens: (origin) => liens.filter((lien) => lien.origin !== origin),
    contact: (email) => contacts.find((contact) => contact.email === email),
  };
}
