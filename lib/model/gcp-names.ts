import type { Problem } from "./problem";
import { quote } from "./suggest";

/** Words that Google refuses anywhere in a project id. */
const RESERVED_IN_PROJECT_IDS = ["google", "null", "undefined", "ssl"];

/** A GCP project id: 6 to 30 characters, lower-case letters, digits and hyphens, a letter first, no hyphen last. */
export function projectIdProblem(id: string): Problem | undefined {
  const rule = "gcp/project-id";
  if (id.length < 6 || id.length > 30) {
    return {
      what: `the project id ${quote(id)} has ${characters(id)}, a project id has 6 to 30`,
      rule,
    };
  }
  if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(id)) {
    return {
      what: `${quote(id)} is not a project id: lower-case letters, digits and hyphens, a letter first, no hyphen last`,
      ...repair(id, id.toLowerCase().replaceAll(/[_. ]/g, "-"), projectIdProblem),
      rule,
    };
  }
  const reserved = RESERVED_IN_PROJECT_IDS.find((word) => id.includes(word));
  if (reserved === undefined) return undefined;
  return { what: `the project id ${quote(id)} holds the word "${reserved}", which Google reserves`, rule };
}

/** A Cloud Storage bucket name, by the rules of Cloud Storage's naming guidelines. */
export function bucketNameProblem(name: string): Problem | undefined {
  const rule = "gcp/bucket-name";
  const dotted = name.includes(".");
  const longest = dotted ? 222 : 63;
  if (name.length < 3 || name.length > longest) {
    return { what: `the bucket name ${quote(name)} has ${characters(name)}, it needs 3 to ${longest}`, rule };
  }
  if (!/^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name)) {
    return {
      what: `${quote(name)} is not a bucket name: lower-case letters, digits, hyphens, underscores and dots, a letter or digit first and last`,
      ...repair(name, name.toLowerCase().replaceAll(" ", "-"), bucketNameProblem),
      rule,
    };
  }
  if (dotted && name.split(".").some((part) => part.length > 63 || !/^[a-z0-9](.*[a-z0-9])?$/.test(part))) {
    return {
      what: `the bucket name ${quote(name)} has a part between dots that is empty, longer than 63 characters, or begins or ends with a hyphen or underscore`,
      rule,
    };
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    return { what: `the bucket name ${quote(name)} looks like an IP address`, rule };
  }
  if (name.startsWith("goog") || /g[o0]{2}g[l1]e/.test(name)) {
    return { what: `the bucket name ${quote(name)} begins with "goog" or holds "google", which Google reserves`, rule };
  }
  return undefined;
}

/** An S3 bucket name: 3 to 63 characters, lower-case letters, digits, hyphens and dots. */
export function s3BucketNameProblem(name: string): Problem | undefined {
  const rule = "s3/bucket-name";
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || /\.[.-]|-\./.test(name)) {
    return {
      what: `${quote(name)} is not an S3 bucket name: 3 to 63 lower-case letters, digits, hyphens and single dots, a letter or digit first and last in each part between dots`,
      rule,
    };
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    return { what: `the bucket name ${quote(name)} looks like an IP address`, rule };
  }
  if (/^(xn--|sthree-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)) {
    return {
      what: `the bucket name ${quote(name)} begins or ends with what S3 reserves for access points and special buckets`,
      rule,
    };
  }
  return undefined;
}

/** Multi-regions and dual regions of Cloud Storage. */
const WIDE_BUCKET_LOCATIONS = /^(us|eu|asia|nam4|eur4|eur5|eur7|eur8|asia1)$/i;

const WIDE_REGISTRY_LOCATIONS = /^(us|europe|asia)$/i;
const REGION = /^[a-z]+-[a-z]+\d{1,2}$/i;

/** A place where Cloud Storage keeps data, e.g. `US` or `europe-west1`. */
export function locationProblem(location: string): Problem | undefined {
  if (WIDE_BUCKET_LOCATIONS.test(location) || REGION.test(location)) return undefined;
  return {
    what: `${quote(location)} is not a location: expected a multi-region such as "US" or a region such as "europe-west1"`,
    ...(WIDE_REGISTRY_LOCATIONS.test(location) ? { repair: 'Cloud Storage calls Europe "EU".' } : {}),
    rule: "gcp/location",
  };
}

/** A place where Artifact Registry keeps data, which spells Europe out. */
export function registryLocationProblem(location: string): Problem | undefined {
  if (WIDE_REGISTRY_LOCATIONS.test(location) || REGION.test(location)) return undefined;
  return {
    what: `${quote(location)} is not a location of Artifact Registry: expected "us", "europe", "asia" or a region such as "europe-west1"`,
    ...(/^eu/i.test(location) ? { repair: 'Write "europe".' } : {}),
    rule: "gcp/location",
  };
}

/** The name of a Google API, e.g. `cloudbuild.googleapis.com`. */
export function serviceProblem(service: string): Problem | undefined {
  if (/^[a-z][a-z0-9-]{1,62}\.googleapis\.com$/.test(service)) return undefined;
  const short = /^[a-z][a-z0-9-]*$/i.test(service);
  return {
    what: `${quote(service)} is not a service: expected NAME.googleapis.com`,
    ...(short ? { repair: `Write ${quote(`${service.toLowerCase()}.googleapis.com`)}.` } : {}),
    rule: "gcp/service",
  };
}

/** E.g. `018801-93540E-22A20E`. */
export function billingAccountProblem(account: string): Problem | undefined {
  if (/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/.test(account)) return undefined;
  return {
    what: `${quote(account)} is not a billing account: expected three groups of six upper-case hexadecimal digits, such as "0A1B2C-3D4E5F-678901"`,
    rule: "gcp/billing-account",
  };
}

/** A label's key: at most 63 characters, a lower-case letter first. */
export function labelKeyProblem(key: string): Problem | undefined {
  if (/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) return undefined;
  return {
    what: `${quote(key)} is not a label key: at most 63 lower-case letters, digits, hyphens and underscores, a letter first`,
    rule: "gcp/label",
  };
}

/** A label's value: 1 to 63 characters. Google allows an empty one, but its provider then plans a change for ever. */
export function labelValueProblem(value: string): Problem | undefined {
  if (value === "") {
    return {
      what: "the label's value is empty, with which Google's Terraform provider never comes to rest: each plan changes it again",
      repair: "Write a value, or take the label out.",
      rule: "gcp/label",
    };
  }
  if (/^[\p{Ll}\p{Lo}\p{N}_-]{1,63}$/u.test(value)) return undefined;
  return {
    what: `${quote(value)} is not a label value: at most 63 lower-case letters, digits, hyphens and underscores`,
    rule: "gcp/label",
  };
}

/** The name of an Artifact Registry repository. */
export function repositoryProblem(name: string): Problem | undefined {
  if (/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  return {
    what: `${quote(name)} is not a repository name: at most 63 lower-case letters, digits and hyphens, a letter first, no hyphen last`,
    rule: "gcp/repository",
  };
}

/** The part of a service account's address before the `@`. */
export function accountIdProblem(id: string): Problem | undefined {
  if (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id)) return undefined;
  return {
    what: `${quote(id)} is not a service account id: 6 to 30 lower-case letters, digits and hyphens, a letter first, no hyphen last`,
    rule: "gcp/service-account",
  };
}

function characters({ length }: string): string {
  return length === 1 ? "1 character" : `${length} characters`;
}

/** Offers a corrected value, but only one that holds the rule. */
function repair(value: string, corrected: string, problem: (value: string) => Problem | undefined) {
  if (corrected === value || problem(corrected) !== undefined) return {};
  return { repair: `Did you mean ${quote(corrected)}?` };
}
