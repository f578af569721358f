import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly inBundle?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(join(__dirname, "../../package-lock.json"), "utf8"),
);

/** What npm downloads: neither our own folders nor what lies within another package's archive. */
const downloaded = Object.entries(lock.packages).filter(
  ([folder, { inBundle, resolved }]) =>
    folder.startsWith("node_modules/") && !inBundle && !resolved?.startsWith("file:"),
);

test("every package for every platform is installed with these bytes only", () => {
  expect(downloaded.length).toBeGreaterThan(400);
  expect(downloaded.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
});

test("the lockfile names no registry", () => {
  expect(downloaded.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
