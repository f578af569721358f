import { chip, h, hrefOf } from "../dom.js";
import { ask } from "../fetch.js";
import { count } from "../format.js";
import { pager, table } from "../table.js";

export const groups = {
  title: () => "Groups",
  hasFilter: true,
  load: ({ q, token }) => ask("console/groups", { q, token }),
  summary: ({ total }) => count(total, "group"),
  render: ({ items, nextPageToken }, where) => [
    table({
      caption: "Groups",
      empty: "No groups. Deploy the groups stack, or create one through the Directory API.",
      rows: items,
      columns: [
        { name: "Group", cell: ({ email }) => groupLink(email) },
        { name: "Name", cell: ({ name }) => name },
        { name: "Members", kind: "number", cell: ({ members }) => members.toLocaleString("en") },
        { name: "Groups among them", kind: "number", cell: (row) => row.groups.toLocaleString("en") },
        { name: "Description", cell: ({ description }) => description },
      ],
    }),
    pager(where, nextPageToken),
  ],
};

export const group = {
  title: ({ email }) => email,
  parent: "groups",
  load: ({ email }) => ask("console/group", { email }),
  summary: ({ name, members }) => `${name}, ${count(members.length, "member")}`,
  render: ({ description, aliases, members, within, bindings, settings }) => [
    description === "" ? undefined : h("p", {}, description),
    aliases.length === 0 ? undefined : h("p", {}, "Also known as ", aliases.join(", ")),
    h(
      "div",
      { class: "columns" },
      section("Members", memberTree(members)),
      section(
        "Member of",
        within.length === 0 ? h("small", {}, "no group") : within.map((email) => h("div", {}, groupLink(email))),
      ),
    ),
    h("h2", {}, "Access"),
    table({
      caption: "Roles of the group",
      empty: "The group has no role of its own.",
      rows: bindings,
      columns: [
        { name: "Resource", cell: ({ resource }) => resource },
        { name: "Role", cell: ({ role }) => role },
        { name: "Condition", cell: ({ condition }) => condition },
      ],
    }),
    section(
      "Settings",
      h(
        "dl",
        {},
        Object.entries(settings).map(([key, value]) => [
          h("dt", {}, key),
          h("dd", {}, value || h("small", {}, "empty")),
        ]),
      ),
    ),
  ],
};

function section(heading, ...content) {
  return h("section", {}, h("h2", {}, heading), h("div", { class: "panel" }, content));
}

function groupLink(email) {
  return h("a", { href: hrefOf("group", { email }) }, email);
}

/** Nested groups can be folded away. */
function memberTree(members) {
  if (members.length === 0) return h("small", {}, "no members");
  const items = members.map(({ email, role, type, members: inner }) => {
    const badge = role === "MEMBER" ? "" : [" ", chip(role.toLowerCase(), role === "OWNER" ? "warn" : "")];
    if (type !== "GROUP") return h("li", {}, email, badge);
    const label = [groupLink(email), badge, " ", h("small", {}, "group")];
    return inner === undefined
      ? h("li", {}, label)
      : h("li", {}, h("details", { open: "" }, h("summary", {}, label), memberTree(inner)));
  });
  return h("ul", { class: "tree" }, items);
}
