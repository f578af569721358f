import { stripVTControlCharacters } from "node:util";

/**
 * What Google answers for a while about something that was made a moment ago, and what the provider does not ask again after:
 * it says the same of what is not there at all.
 */
const ERRORS: readonly { readonly about: RegExp; readonly source: string }[] = [
  {
    about: /\bError 400: (Group|Service account) \S+ does not exist\b/,
    source: "https://cloud.google.com/iam/docs/access-change-propagation",
  },
  {
    about: /\bError 404: Unknown service account\b/,
    source: "https://cloud.google.com/iam/docs/service-accounts-create (eventual consistency)",
  },
  {
    about: /\bError 403: .*\bAPI has not been used in project \S+ before or it is disabled\b/,
    source: "the error itself: If you enabled this API recently, wait a few minutes for the action to propagate",
  },
  {
    about:
      /\bError 403: The (billing account for the owning project is disabled|project to be billed is associated with an absent billing account)\b/,
    source: "https://github.com/hashicorp/terraform-provider-google/issues/6742",
  },
];

/** Whether terraform, which said this as it failed, reports errors that pass with time, and no others. */
export function isNotYetKnown(said: string): boolean {
  // In a frame, and long details in lines of 78 characters.
  const text = stripVTControlCharacters(said).replaceAll(/^[╷│╵] ?/gm, "");
  const errors = text.split(/^Error: /m).slice(1);
  return (
    errors.length > 0 && errors.every((error) => ERRORS.some(({ about }) => about.test(error.replaceAll(/\s+/g, " "))))
  );
}
