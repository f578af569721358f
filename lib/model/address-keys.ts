/**
 * Names of Terraform resources, made from what a thing is and never from where it stands in a list: adding, removing or
 * reordering entries moves no address. Only letters, digits, `-` and `_` are allowed in them, and no digit first.
 */
export function addressKey(...parts: readonly string[]): string {
  const key = parts.map(encode).join("__");
  return /^[a-z]/.test(key) ? key : `_${key}`;
}

/** `group:build@example.org` becomes `group__build__example_org`. */
export function principalKey(principal: string): string {
  return addressKey(...principal.split(/[:@]/));
}

/** `roles/cloudbuild.builds.editor` becomes `cloudbuild_builds_editor`. */
export function roleKey(role: string): string {
  return addressKey(...role.replace(/^roles\//, "").split("/"));
}

/** `cloudbuild.googleapis.com` becomes `cloudbuild`. */
export function serviceKey(service: string): string {
  return addressKey(service.replace(/\.googleapis\.com$/, ""));
}

/** `oncall@example.org` becomes `oncall` in its own domain and `oncall__example_org` in another. */
export function groupKey(email: string, domain: string): string {
  const parts = email.split("@");
  return parts[1] === domain ? addressKey(parts[0] ?? email) : addressKey(...parts);
}

/** What a manifest's promotions are named after: `1.36.2` of `manifests/kops/1.36.2.yaml`. */
export function releaseOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
}

/** `manifests/kops/1.36.2.yaml` into `gs://prod/binaries/kops/` becomes `1_36_2__to__prod__binaries__kops`. */
export function promotionKey(
  file: string,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): string {
  return addressKey(releaseOf(file), "to", bucket, ...prefix.split("/").filter((part) => part !== ""));
}

/**
 * Dots between other characters become `_`, so that `__` stands between parts only. What else a name may not hold becomes
 * `-`, and a hash of the whole keeps such names apart.
 */
function encode(part: string): string {
  const plain = part.replaceAll(".", "_");
  if (/^([a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*)?$/.test(part)) return plain;
  return `${plain.replace(/[^a-zA-Z0-9-]/g, "-")}-${hash(part)}`;
}

/** FNV-1a, 32 bits: short, stable, and needs no platform. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value ^= byte;
    value = Math.imul(value, 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}
