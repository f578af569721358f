import type { Problem } from "./problem";
import { quote } from "./suggest";

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

const MAX_LOCAL_PART = 64;

export function isDomain(text: string): boolean {
  return text.length <= 253 && DOMAIN.test(text);
}

/** The part of an address after its `@`, in lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}

/**
 * The same for all spellings of a Gmail account, whose dots and whose second domain mean nothing: Google lists a member
 * by the one of its owner's choice. Other addresses are their own, for in a Workspace domain a dot does count.
 */
export function accountAddress(address: string): string {
  const lower = address.toLowerCase();
  const [, local, isGmail] = /^(.*)@(gmail|googlemail)\.com$/.exec(lower) ?? [];
  return isGmail === undefined || local === undefined ? lower : `${local.replaceAll(".", "")}@gmail.com`;
}

/** The part of an address before its `@`. */
export function localPartOf(email: string): string {
  return email.slice(0, Math.max(0, email.lastIndexOf("@")));
}

export function domainProblem(domain: string): Problem | undefined {
  if (isDomain(domain)) return undefined;
  return { what: `${quote(domain)} is not a domain name such as "example.org"`, rule: "address/domain" };
}

/** An e-mail address of a person, a group or a service account. */
export function emailProblem(email: string): Problem | undefined {
  const rule = "address/syntax";
  const parts = email.split("@");
  const [local = "", domain = ""] = parts;
  if (parts.length === 2 && local.length <= MAX_LOCAL_PART && LOCAL_PART.test(local) && isDomain(domain))
    return undefined;
  const trimmed = email
    .trim()
    .replace(/^mailto:/i, "")
    .replace(/^<(.*)>$/, "$1");
  if (trimmed !== email && emailProblem(trimmed) === undefined) {
    return { what: `${quote(email)} is not an e-mail address`, repair: `Write ${quote(trimmed)}.`, rule };
  }
  const principal = /^(user|group|serviceAccount):(.+)$/.exec(email);
  if (principal !== null) {
    return {
      what: `${quote(email)} is a principal, expected a plain e-mail address`,
      repair: `Write ${quote(principal[2] ?? "")}.`,
      rule,
    };
  }
  if (parts.length === 2 && local.length > MAX_LOCAL_PART && LOCAL_PART.test(local)) {
    const what = `${quote(email)} has ${local.length} characters before the @, an e-mail address has at most ${MAX_LOCAL_PART}`;
    return { what, rule };
  }
  const what = `${quote(email)} is not an e-mail address of the form name@domain`;
  if (parts.length > 1 || !LOCAL_PART.test(email)) return { what, rule };
  return { what, repair: `Write the domain as well: "${email}@...".`, rule };
}

/** A service account's address, which ends in `gserviceaccount.com`. */
export function serviceAccountProblem(email: string): Problem | undefined {
  const problem = emailProblem(email);
  if (problem !== undefined && LOCAL_PART.test(email)) {
    return { ...problem, repair: `Write the whole address: "${email}@PROJECT.iam.gserviceaccount.com".` };
  }
  if (problem !== undefined) return problem;
  if (domainOf(email).endsWith(".gserviceaccount.com") || domainOf(email) === "gserviceaccount.com") return undefined;
  return {
    what: `${quote(email)} is not a service account's address: it does not end in ".gserviceaccount.com"`,
    rule: "gcp/service-account",
  };
}

const PREFIXES = ["user", "group", "serviceAccount", "domain"] as const;

/** A Kubernetes service account of a GKE cluster, as Google names it: `serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME]`. */
const WORKLOAD = /^serviceAccount:[a-z][a-z0-9-]{4,28}[a-z0-9]\.svc\.id\.goog\[[a-z0-9-]{1,63}\/[a-z0-9.-]{1,253}\]$/;
const FEDERATED =
  /^principal(Set)?:\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/\S+$/;

/** https://cloud.google.com/iam/docs/principal-identifiers */
const POOL =
  "iam\\.googleapis\\.com/(projects/\\d+/locations/global/workloadIdentityPools|locations/global/workforcePools)/[^/\\s]+";
const IDENTIFIERS = [
  `principal://${POOL}/(subject|kubernetes\\.serviceaccount\\.uid)/\\S+`,
  `principalSet://${POOL}/((group|namespace|attribute\\.[^/\\s]+|kubernetes\\.[^/\\s]+)/\\S+|\\*)`,
  "principalSet://cloudresourcemanager\\.googleapis\\.com/(projects|folders|organizations)/\\d+(/type/\\w+)?",
].map((form) => new RegExp(`^${form}$`));

/** Whether a principal is a workload that shows a token of its own to act as a service account, not a Google account. */
export function isWorkload(principal: string): boolean {
  return WORKLOAD.test(principal) || FEDERATED.test(principal);
}

/** An IAM principal, e.g. `group:release-viewers@example.org`. Everybody (`allUsers`) is not one: that is `public`. */
export function principalProblem(principal: string): Problem | undefined {
  const rule = "iam/principal";
  if (principal === "allUsers" || principal === "allAuthenticatedUsers") {
    return {
      what: `${quote(principal)} would open this to everybody`,
      repair: `Nothing is public by way of a list of principals. "public: true" lets everybody read the bucket.`,
      rule: "iam/public",
    };
  }
  if (WORKLOAD.test(principal) || IDENTIFIERS.some((form) => form.test(principal))) return undefined;
  if (/^principal(Set)?:/.test(principal)) {
    const pool = "principalSet://iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL";
    return {
      what: `${quote(principal)} is not a principal: no identifier of Google's has this form`,
      repair: `For example ${quote(`${pool}/attribute.repository/OWNER/NAME`)}.`,
      rule,
    };
  }
  const colon = principal.indexOf(":");
  const kind = PREFIXES.find((prefix) => prefix === principal.slice(0, colon));
  const rest = principal.slice(colon + 1);
  if (kind === undefined) {
    const isAddress = emailProblem(principal) === undefined;
    const guess = domainOf(principal).endsWith("gserviceaccount.com") ? "serviceAccount" : "group";
    return {
      what: `${quote(principal)} is not a principal: expected user:, group:, serviceAccount: or domain: before the address`,
      ...(isAddress ? { repair: `For example ${quote(`${guess}:${principal}`)}.` } : {}),
      rule,
    };
  }
  const problem = kind === "domain" ? domainProblem(rest) : emailProblem(rest);
  if (problem !== undefined) return { what: `${quote(principal)} is not a principal: ${problem.what}`, rule };
  const isAccount = domainOf(rest).endsWith("gserviceaccount.com");
  if (kind !== "domain" && isAccount !== (kind === "serviceAccount")) {
    return {
      what: `${quote(principal)} is not a principal: ${isAccount ? "a service account's address needs serviceAccount:" : "this is not a service account's address"}`,
      repair: `Write ${quote(`${isAccount ? "serviceAccount" : "group"}:${rest}`)}${isAccount ? "" : " or user:"}.`,
      rule,
    };
  }
  return undefined;
}

/** A predefined or custom IAM role, e.g. `roles/storage.objectViewer`. */
export function roleProblem(role: string): Problem | undefined {
  if (/^roles\/[a-zA-Z][\w.]*$/.test(role)) return undefined;
  if (/^(projects\/[a-z][a-z0-9-]+|organizations\/\d+)\/roles\/[\w.]{3,64}$/.test(role)) return undefined;
  const bare = /^[a-zA-Z][\w.]*$/.test(role) ? { repair: `Did you mean ${quote(`roles/${role}`)}?` } : {};
  return {
    what: `${quote(role)} is not a role: expected roles/NAME, projects/ID/roles/NAME or organizations/NUMBER/roles/NAME`,
    ...bare,
    rule: "iam/role",
  };
}

/** A role that Google lets one grant on one kind of thing: of the family that is made for it, or a custom role. */
export function roleOnProblem(role: string, family: string, thing: string): Problem | undefined {
  const problem = roleProblem(role);
  if (problem !== undefined || !role.startsWith("roles/") || role.startsWith(`roles/${family}.`)) return problem;
  return {
    what: `${quote(role)} can't be granted on ${thing}: expected roles/${family}.NAME or a custom role`,
    repair: 'Roles on the project stand under "iam".',
    rule: "iam/role",
  };
}
