import type { EstateReader } from "../cloud/observed";

/** Import ids of what the service itself gives a name, by what the stack says of it. */
export interface NamedByService {
  lien(origin: string): string | undefined;
  contact(email: string): string | undefined;
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
    contact: (email) => contacts.find((contact) => contact.email === email)?.name,
  };
}
