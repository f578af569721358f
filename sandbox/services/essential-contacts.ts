import { googleError } from "../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../http/service";
import type { World } from "../state/world";
import { applyMask } from "./field-mask";
import { randomDigits } from "./identifiers";
import { pageOf, pageToken } from "./listing";
import { openProject, requireService } from "./project-lookup";
import { readBody, type Shape, TEXTS } from "./request-body";

/** `contacts`, by name. */
interface ContactRecord {
  /** `projects/NUMBER/contacts/ID`. */
  readonly name: string;
  readonly email: string;
  readonly notificationCategorySubscriptions: readonly string[];
  readonly languageTag: string;
  readonly validationState: "VALID";
  readonly validateTime: string;
}

const BODY: Shape = { email: "text", notificationCategorySubscriptions: TEXTS, languageTag: "text" };
const CONTACTS = "/v1/projects/{project}/contacts";
const CATEGORIES = [
  "ALL",
  "SUSPENSION",
  "SECURITY",
  "TECHNICAL",
  "BILLING",
  "LEGAL",
  "PRODUCT_UPDATES",
  "TECHNICAL_INCIDENTS",
];

/** Whom Google writes to about a project. */
export function essentialContacts(world: World): Service {
  const contacts = world.store.collection<ContactRecord>("contacts");

  function parentOf(call: Call, permission: string): string {
    const project = openProject(
      world,
      call.principal,
      call.param("project"),
      `essentialcontacts.contacts.${permission}`,
    );
    requireService(world, project, "essentialcontacts.googleapis.com");
    return `projects/${project.projectNumber}/contacts`;
  }

  function find(call: Call, permission: string): ContactRecord {
    const contact = contacts.get(`${parentOf(call, permission)}/${call.param("contact")}`);
    if (contact === undefined) throw googleError(404, "notFound", "Requested entity was not found.");
    return contact;
  }

  function keep(contact: ContactRecord) {
    const unknown = contact.notificationCategorySubscriptions.find((category) => !CATEGORIES.includes(category));
    if (unknown !== undefined) throw googleError(400, "badRequest", `Invalid notification category: "${unknown}"`);
    contacts.put(contact.name, contact);
    return json(contact);
  }

  return {
    name: "essentialcontacts",
    prefix: "/essential-contacts",
    routes: [
      post(CONTACTS, async (call) => {
        const {
          email = "",
          notificationCategorySubscriptions = [],
          languageTag = "en",
        } = await readBody<ContactRecord>(call, BODY);
        const parent = parentOf(call, "create");
        if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
          throw googleError(400, "badRequest", `Invalid email: "${email}"`);
        if (contacts.values(`${parent}/`).some((contact) => contact.email === email)) {
          throw googleError(409, "alreadyExists", `A contact with the email ${email} already exists.`);
        }
        return keep({
          name: `${parent}/${randomDigits(13)}`,
          email,
          notificationCategorySubscriptions,
          languageTag,
          validationState: "VALID",
          validateTime: world.clock.timestamp(),
        });
      }),
      get(CONTACTS, async (call) => {
        const page = pageOf(contacts.values(`${parentOf(call, "list")}/`), ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 100,
          largestSize: 100,
        });
        return json({ ...(page.items.length === 0 ? {} : { contacts: page.items }), ...pageToken(page) });
      }),
      get(`${CONTACTS}/{contact}`, async (call) => json(find(call, "get"))),
      patch(`${CONTACTS}/{contact}`, async (call) => {
        const body = await readBody<ContactRecord>(call, BODY);
        const writable = ["notificationCategorySubscriptions", "languageTag"];
        return keep(applyMask(find(call, "update"), body, call.query.get("updateMask"), writable));
      }),
      del(`${CONTACTS}/{contact}`, async (call) => {
        contacts.delete(find(call, "delete").name);
        return json({});
      }),
    ],
  };
}
