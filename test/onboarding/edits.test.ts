import fc from "fast-check";
import { parse } from "yaml";
import { addGroup, removeGroup } from "../../lib/onboarding/groups-edit";
import { addProjectFields, addStagingProject, removeStagingProject } from "../../lib/onboarding/infra-edit";
import { allowGroup, disallowGroup } from "../../lib/onboarding/restrictions-edit";

const ours = "stacks/staging.ts";

const infra = `# All projects.
infra:
  staging:
    managed_by: ${ours}
    projects:
      # kept longer
      oss-staging-kiln:
        release: true # as decided

      oss-staging-loom:   # trailing
      # about quill
      oss-staging-quill:
  prod:
    projects:
      oss-prod:
`;

describe("a project added to infra.yaml", () => {
  test("stands in sorted place, and every other line stays", () => {
    const after = addStagingProject("infra.yaml", infra, {
      projectId: "oss-staging-lathe",
      managedBy: ours,
      fields: [],
    });

    expect(after).toBe(
      infra.replace(
        "        release: true # as decided\n",
        "        release: true # as decided\n      oss-staging-lathe:\n",
      ),
    );
  });

  test("leaves a comment with the project it speaks of", () => {
    const after = addStagingProject("infra.yaml", infra, {
      projectId: "oss-staging-mill",
      managedBy: ours,
      fields: [],
    });

    expect(after).toContain(
      "oss-staging-loom:   # trailing\n      oss-staging-mill:\n      # about quill\n      oss-staging-quill:",
    );
  });

  test("names us as manager where its type names somebody else", () => {
    const theirs = infra.replace(`managed_by: ${ours}`, "managed_by: ensure-staging-storage.sh");
    const after = addStagingProject("infra.yaml", theirs, {
      projectId: "oss-staging-a",
      managedBy: ours,
      fields: ["release: true"],
    });

    expect(after).toContain(
      `    projects:\n      oss-staging-a:\n        managed_by: ${ours}\n        release: true\n      # kept longer\n`.replace(
        "      # kept longer\n",
        "",
      ),
    );
  });

  const added = (text: string) =>
    addStagingProject("infra.yaml", text, { projectId: "x", managedBy: ours, fields: [] });
  const project = `      x:\n        managed_by: ${ours}\n`;

  test.each([
    { when: "no type is named", text: "infra:\n", becomes: `infra:\n  staging:\n    projects:\n${project}` },
    {
      when: "the types are {}",
      text: "infra: {} # none\n",
      becomes: `infra: # none\n  staging:\n    projects:\n${project}`,
    },
    {
      when: "there is another type",
      text: "infra:\n  prod:\n    projects:\n      y:\n",
      becomes: `infra:\n  prod:\n    projects:\n      y:\n  staging:\n    projects:\n${project}`,
    },
    {
      when: "its type is empty",
      text: "infra:\n  staging:\n  prod:\n",
      becomes: `infra:\n  staging:\n    projects:\n${project}  prod:\n`,
    },
    {
      when: "its type has no projects",
      text: `infra:\n  staging:\n    managed_by: ${ours}\n`,
      becomes: `infra:\n  staging:\n    managed_by: ${ours}\n    projects:\n      x:\n`,
    },
    {
      when: "its type is null",
      text: "infra:\n  staging: ~ # none\n",
      becomes: `infra:\n  staging: # none\n    projects:\n${project}`,
    },
    {
      when: "the projects are {}",
      text: "infra:\n  staging:\n    projects: {} # none\n",
      becomes: `infra:\n  staging:\n    projects: # none\n${project}`,
    },
  ])("is the first one where $when", ({ text, becomes }) => {
    expect(added(text)).toBe(becomes);
  });

  test.each([
    { with: "no infra", text: "other:\n", says: "infra: is missing" },
    { with: "types in braces", text: "infra: {staging: {}}\n", says: "infra: is written in braces" },
    {
      with: "a type in braces",
      text: "infra:\n  staging: {managed_by: me}\n",
      says: "infra.staging: is written in braces",
    },
    {
      with: "projects in braces over several lines",
      text: "infra:\n  staging:\n    projects: {\n      y: ,\n      z: ,\n    }\n",
      says: "infra.yaml:3: infra.staging.projects: is written in braces\n    Write it as an indented block, one entry per line",
    },
    {
      with: "an alias",
      text: "x: &x {y: }\ninfra:\n  staging:\n    projects: *x\n",
      says: "infra.yaml:4: infra.staging.projects: is written as an alias",
    },
  ])("fails with $with, as there is no place for it", ({ text, says }) => {
    expect(() => added(text)).toThrow(says);
  });

  test("that another repeats is not taken out", () => {
    const text = infra
      .replace("oss-staging-kiln:", "oss-staging-kiln: &kiln")
      .replace("oss-staging-quill:", "oss-staging-quill: *kiln");

    expect(() => removeStagingProject("infra.yaml", text, "oss-staging-kiln")).toThrow(
      "infra.yaml:12: repeats with *kiln what stands in oss-staging-kiln\n    Write it out here first.",
    );
    expect(removeStagingProject("infra.yaml", text, "oss-staging-quill")).toContain("oss-staging-kiln: &kiln\n");
  });

  test.each(["{}", "~"])("takes first fields in place of %s", (block) => {
    const text = infra.replace("oss-staging-quill:", `oss-staging-quill: ${block}`);

    expect(addProjectFields("infra.yaml", text, "oss-staging-quill", ["release: true"])).toBe(
      infra.replace("oss-staging-quill:", "oss-staging-quill:\n        release: true"),
    );
  });

  test("takes further fields behind those it has", () => {
    expect(addProjectFields("infra.yaml", infra, "oss-staging-kiln", ["retired:", "  since: 2026-05-01"])).toContain(
      "        release: true # as decided\n        retired:\n          since: 2026-05-01\n\n",
    );
  });
});

const groups = `groups:
  - email-id: oss-infra-staging-kiln@example.org
    name: oss-infra-staging-kiln
    members:
      - ana@example.org

  # lists
  - email-id: zebra@example.org
    name: zebra
    members: [ana@example.org]
`;

const restrictions = `restrictions:
  - path: "sig-a/groups.yaml"
    allowedGroups:
      - "^zebra@example.org$"
  - path: sig-flow/groups.yaml
    allowedGroups: ["^zebra@example.org$"] # one line
  - {path: sig-none/groups.yaml, allowedGroups: []}
  - path: "team-[b-z]/**"
    allowedGroups:
      - "^team-[a-z]*@example.org$"
  - path: "**/*" # nothing else
`;

/** With a line of spaces, as editors leave them. */
const sections = `groups:
  # Mailing lists
  - email-id: zebra@example.org
    name: zebra

  # Who may push
  ${""}
  - email-id: oss-infra-staging-kiln@example.org
    name: oss-infra-staging-kiln
    members:
      - bo@example.org

  # Others
  - email-id: oss-infra-admins@example.org
    name: oss-infra-admins
`;

describe("a group added to groups.yaml", () => {
  const group = { email: "oss-infra-staging-lathe@example.org", description: "May push", members: ["bo@example.org"] };

  test("stands in sorted place with an empty line before it, as its neighbours have", () => {
    const after = addGroup("groups.yaml", groups, group);

    expect(after.split("\n").slice(4, 9)).toEqual([
      "      - ana@example.org",
      "",
      "  - email-id: oss-infra-staging-lathe@example.org",
      "    name: oss-infra-staging-lathe",
      "    description: |-",
    ]);
  });

  test("stands in its section, in a file that is sorted by sections only", () => {
    const add = (email: string) => addGroup("groups.yaml", sections, { ...group, email }).split("\n");

    expect(
      add("oss-infra-staging-anvil@example.org").indexOf("  - email-id: oss-infra-staging-anvil@example.org"),
    ).toBe(7);
    const last = add("oss-infra-staging-zinc@example.org");
    expect(last[last.indexOf("  - email-id: oss-infra-staging-zinc@example.org") - 2]).toBe("      - bo@example.org");
  });

  test.each(["groups: []", "groups: ~", "groups:"])("is the first one of %s", (text) => {
    expect(addGroup("groups.yaml", `${text} # none\n`, group)).toMatch(/^groups: # none\n {2}- email-id: oss-infra/);
  });

  test("makes the file where there is none, and takes it away again", () => {
    const made = addGroup("groups.yaml", undefined, group);

    expect(made).toMatch(
      /^# .* Made by artifacts onboard\.\ngroups:\n {2}- email-id: oss-infra-staging-lathe@example\.org\n/,
    );
    expect(removeGroup("groups.yaml", made, group.email)).toBeUndefined();
  });

  test("is taken out again of a file that was there before, and leaves the file", () => {
    for (const text of ["groups: []\n", "# None yet.\ngroups: [] # none\n\n# end\n"])
      expect(removeGroup("groups.yaml", addGroup("groups.yaml", text, group), group.email)).toBe(text);
  });

  test("fails where the list is an alias, with its line", () => {
    expect(() => addGroup("groups.yaml", "x: &x []\ngroups: *x\n", group)).toThrow(
      "groups.yaml:2: groups: is written as an alias",
    );
  });

  test("is allowed by a pattern that matches it and nothing else, before the entry that catches the rest", () => {
    const after = allowGroup("restrictions.yaml", restrictions, "sig-b/groups.yaml", "b.c@example.org");

    expect(after).toContain(
      `  - path: "sig-b/groups.yaml"\n    allowedGroups:\n      - '^b\\.c@example\\.org$'\n  - path: "**/*" # nothing else`,
    );
  });

  test.each([
    { folder: "sig-flow", says: `allowedGroups: ["^zebra@example.org$", '^b@example\\.org$'] # one line\n` },
    { folder: "sig-none", says: `- {path: sig-none/groups.yaml, allowedGroups: ['^b@example\\.org$']}\n` },
    { folder: "team-b", says: `      - "^team-[a-z]*@example.org$"\n      - '^b@example\\.org$'\n` },
  ])("is allowed by the entry that decides about $folder", ({ folder, says }) => {
    const after = allowGroup("restrictions.yaml", restrictions, `${folder}/groups.yaml`, "b@example.org");

    expect(after).toContain(says);
    expect(disallowGroup("restrictions.yaml", after, `${folder}/groups.yaml`, "b@example.org")).toBe(restrictions);
  });

  test.each([
    { own: "allowedGroups:", list: "allowedGroups:\n      - '^b@example\\.org$'" },
    { own: "# none", list: "allowedGroups: ['^b@example\\.org$']" },
  ])("is allowed by the first pattern of an entry with $own", ({ own, list }) => {
    const text = `restrictions:\n  - path: sig-a/groups.yaml\n    ${own}\n`;

    expect(allowGroup("restrictions.yaml", text, "sig-a/groups.yaml", "b@example.org")).toContain(
      `  - path: sig-a/groups.yaml\n    ${list}\n`,
    );
  });

  test.each([
    "{path: sig-a/groups.yaml}",
    "{path: sig-a/groups.yaml, allowedGroups: *others}",
    "{path: sig-*/*, allowedGroups: &b [c]}",
  ])("fails where no line can be added, or for more than one file: %s", (entry) => {
    const text = `restrictions:\n  - path: x/groups.yaml\n    allowedGroups: &others ["^a$"]\n  - ${entry}\n`;

    expect(() => allowGroup("restrictions.yaml", text, "sig-a/groups.yaml", "b@example.org")).toThrow(
      "is written in braces, or with an alias",
    );
  });
});

test("a pattern at the beginning of a list on one line leaves those behind it", () => {
  const allow = (text: string, email: string) => allowGroup("restrictions.yaml", text, "sig-none/groups.yaml", email);
  const both = allow(allow(restrictions, "a@example.org"), "b@example.org");

  expect(disallowGroup("restrictions.yaml", both, "sig-none/groups.yaml", "a@example.org")).toBe(
    allow(restrictions, "b@example.org"),
  );
});

test("an entry that allowed nothing stays when the group that it came to allow goes", () => {
  const text = 'restrictions:\n  - path: "sig-a/groups.yaml"\n';
  const added = allowGroup("restrictions.yaml", text, "sig-a/groups.yaml", "b@example.org");

  expect(disallowGroup("restrictions.yaml", added, "sig-a/groups.yaml", "b@example.org")).toBe(
    `${text}    allowedGroups: []\n`,
  );
});

test("an entry that was there before stays when its only group goes", () => {
  const text =
    "restrictions:\n  -\n      path: sig-a/groups.yaml\n      allowedGroups: # ours\n  - path: '**'\n    allowedGroups: [.*]\n";
  const added = allowGroup("restrictions.yaml", text, "sig-a/groups.yaml", "b@example.org");

  expect(parse(added).restrictions[0].allowedGroups).toEqual(["^b@example\\.org$"]);
  expect(disallowGroup("restrictions.yaml", added, "sig-a/groups.yaml", "b@example.org")).toBe(text);
});

/** Dashes on lines of their own, and a text that keeps its empty lines. */
const dashes = `groups:
  -
    email-id: alpha@example.org
    name: alpha

  - # lists
    email-id: delta@example.org
    description: |+
      text


  -
    email-id: zebra@example.org
`;

describe("what was added and is taken out again", () => {
  const ends = fc.constantFrom("\n", "\r\n");
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}[a-z0-9]$/);

  test("leaves infra.yaml byte for byte as it was", () => {
    fc.assert(
      fc.property(names, ends, fc.boolean(), fc.boolean(), (name, end, hasLastEnd, isOurs) => {
        const written = isOurs ? infra : infra.replace(ours, "somebody-else.sh");
        const text = (hasLastEnd ? written : written.trimEnd()).replaceAll("\n", end);
        fc.pre(!text.includes(`oss-staging-${name}:`));
        const entry = { projectId: `oss-staging-${name}`, managedBy: ours, fields: ["release: true"] };
        const added = addStagingProject("infra.yaml", text, entry);

        expect(removeStagingProject("infra.yaml", added, entry.projectId)).toBe(text);
      }),
    );
  });

  test("leaves groups.yaml and restrictions.yaml byte for byte as they were", () => {
    fc.assert(
      fc.property(
        names,
        ends,
        fc.boolean(),
        fc.constantFrom("sig-a", "sig-b", "sig-flow", "sig-none", "team-b"),
        fc.constantFrom("", "oss-infra-staging-"),
        fc.constantFrom(groups, sections, dashes, "# None yet.\ngroups: []\n"),
        (name, end, hasLastEnd, folder, prefix, text) => {
          const cut = (whole: string) => (hasLastEnd ? whole : whole.trimEnd()).replaceAll("\n", end);
          const [groupsText, restrictionsText] = [cut(text), cut(restrictions)];
          const email = `${prefix}${name}@example.org`;
          fc.pre(!groupsText.includes(email));
          const added = addGroup("groups.yaml", groupsText, {
            email,
            description: "May push",
            members: ["bo@example.org"],
          });
          const others = parse(added).groups.filter((each: { "email-id": string }) => each["email-id"] !== email);
          const allowed = allowGroup("restrictions.yaml", restrictionsText, `${folder}/groups.yaml`, email);

          expect(others).toEqual(parse(groupsText).groups);
          expect(removeGroup("groups.yaml", added, email)).toBe(groupsText);
          expect(disallowGroup("restrictions.yaml", allowed, `${folder}/groups.yaml`, email)).toBe(restrictionsText);
        },
      ),
    );
  });
});
