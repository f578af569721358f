/** The reviewed file that makes the next deploy take existing objects over. */
export function adoptionFile(subject: string, stack: string, imports: Readonly<Record<string, string>>): string {
  const lines = Object.entries(imports).map(([address, id]) => `  ${address}: ${JSON.stringify(id)}`);
  return [
    `# What exists of ${subject}: the next \`npx cdktf deploy ${stack}\` takes it over instead of making it.`,
    "# Written by `artifacts adopt`, from what it found. Remove this file once that deploy is done: what is taken back later",
    "# and then declared again would be imported, and is not there.",
    `stack: ${stack}`,
    "imports:",
    ...lines,
    "",
  ].join("\n");
}
