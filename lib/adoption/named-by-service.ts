import type { EstateReader, ObservedContact, ObservedLien } from "../cloud/observed";

/** What the service itself gives a name, by what the stack says of it: import ids of all that fit, as there can be several. */
export interface NamedByService {
  liens(origin: string): readonly string[];
  otherLiens(origin: string): readonly ObservedLien[];

  /** At most one, whose name is its import id. */
  contacts(email: string): readonly ObservedContact[];
  budgets(displayName: string): readonly string[];
  channels(email: string): readonly string[];

  /** What these credentials may not look at. */
  readonly hidden: readonly ("contacts" | "budget" | "notification channels")[];
}

export interface WantedByName {
  readonly liens: boolean;
  readonly contacts: boolean;

  /** The billing account of a budget. @default - there is no budget */
  readonly budgetsOf?: string | undefined;

  /** The project id of channels. @default - there are none */
  readonly channelsOf?: string | undefined;
}

export type NamedReader = Pick<EstateReader, "liens" | "contacts" | "budgets" | "channels">;

/** Looks up what a project has of these, as far as the stack has any. */
export async function namedByService(
  reader: NamedReader,
  projectNumber: string,
  { liens: hasLiens, contacts: hasContacts, budgetsOf, channelsOf }: WantedByName,
): Promise<NamedByService> {
  const [liens, contacts, budgets, channels] = await Promise.all([
    hasLiens ? reader.liens(projectNumber) : [],
    hasContacts ? reader.contacts(projectNumber) : [],
    budgetsOf === undefined ? [] : reader.budgets(budgetsOf),
    channelsOf === undefined ? [] : reader.channels(channelsOf),
  ]);
  return {
    liens: (origin) =>
      // By the project's number, as the stack names it: with the id the next plan would replace the lien.
      liens.filter((lien) => lien.origin === origin).map(({ name }) => `${projectNumber}/${name}`),
    otherLiens: (origin) => liens.filter((lien) => lien.origin !== origin),
    contacts: (email) => (contacts ?? []).filter((contact) => contact.email === email),
    budgets: (displayName) =>
      (budgets ?? [])
        .filter((budget) => budget.displayName === displayName && budget.projects.includes(`projects/${projectNumber}`))
        .map(({ name }) => name),
    // One with another display name is somebody's own: it may be what alerts of theirs go to.
    channels: (email) =>
      (channels ?? [])
        .filter((channel) => channel.email === email && channel.displayName === email)
        .map(({ name }) => name),
    hidden: [
      ...(contacts === undefined ? ["contacts" as const] : []),
      ...(budgets === undefined ? ["budget" as const] : []),
      ...(channels === undefined ? ["notification channels" as const] : []),
    ],
  };
}
