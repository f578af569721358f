import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "artifacts-scale-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

/** Projects, twice as many groups of ten, and manifests of forty lines, two and a half for each project. */
function writeEstate(projects: number): void {
  const ids = numbered(projects, (i) => `      k8s-staging-p${i}:\n        labels: {sig: s${i % 9}}\n`);
  write("infra/gcp/infra.yaml", `infra:\n  staging:\n    managed_by: stacks/staging.ts\n    projects:\n${ids}`);
  write("groups/config.yaml", "domains: [example.org]\n");
  for (let folder = 0; folder < 20; folder++) {
    const groups = numbered(projects / 10, (i) => {
      const name = `k8s-infra-staging-p${folder * (projects / 10) + i}`;
      const members = numbered(10, (m) => `      - member${i}-${m}@example.com\n`);
      return `  - email-id: ${name}@example.org\n    name: ${name}\n    settings:\n      ReconcileMembers: "true"\n    members:\n${members}`;
    });
    write(`groups/sig-${folder}/groups.yaml`, `groups:\n${groups}`);
  }
  for (let i = 0; i < projects / 10; i++) {
    const name = `k8s-staging-p${i}`;
    write(
      `filestores/${name}/filepromoter-manifest.yaml`,
      `filestores:\n- base: gs://${name}/r/\n  src: true\n- base: gs://production/${name}/\n`,
    );
    for (let m = 0; m < 25; m++) {
      const lines = numbered(40, (l) => `- name: v${m}/file-${l}\n  sha256: ${"ab12".repeat(16)}\n`);
      write(`manifests/${name}/v${m}.yaml`, `files:\n${lines}`);
    }
  }
}

test("a hundred projects, two hundred groups and ten thousand lines load whole", () => {
  writeEstate(100);
  const { estate, counts } = loadEstate(layoutFrom(root));

  expect(estate).toBeDefined();
  expect(counts).toMatchObject({ projects: 100, staging: 100, groups: 200, manifests: 250, lines: 10_000 });
});
