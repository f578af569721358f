import { h, hrefOf, visible } from "./dom.js";
import { time } from "./format.js";
import { keepPlace } from "./keep-place.js";
import { faults, requests } from "./views/activity.js";
import { buckets, objects } from "./views/buckets.js";
import { group, groups } from "./views/groups.js";
import { iam } from "./views/iam.js";
import { projects } from "./views/projects.js";
import { published } from "./views/published.js";

const VIEWS = { projects, buckets, objects, published, groups, group, iam, requests, faults };
const POLL_MILLISECONDS = 1000;

const content = document.getElementById("content");
const filter = document.getElementById("filter");
const live = document.getElementById("live");

/** What is on the page, as text: the same data is not drawn again, so that nobody loses their place. */
let drawn;
let version;

/** The view that the address names: `#objects?bucket=b&prefix=p`. */
function place() {
  const [name = "", query = ""] = location.hash.slice(1).split("?");
  const view = Object.hasOwn(VIEWS, name) ? name : "projects";
  return { view, parameters: Object.fromEntries(new URLSearchParams(query)) };
}

/** Draws the view that the address names, or says why it can't. */
async function refresh() {
  const where = place();
  const here = location.hash;
  let data;
  let failure;
  try {
    data = await VIEWS[where.view].load(where.parameters);
  } catch (error) {
    failure = error.message;
  }
  // Somebody went on while the data was under way: what was asked for later is what is wanted.
  if (location.hash !== here) return;
  const text = JSON.stringify([where, data, failure]);
  if (text === drawn) return;
  drawn = text;
  drawHead(where, data);
  const nodes = failure === undefined ? render(where, data) : h("p", { class: "table empty", role: "alert" }, failure);
  keepPlace(content, () => content.replaceChildren(...[nodes].flat(9)));
}

function render(where, data) {
  return [VIEWS[where.view].render(data, where)].flat(9).filter((node) => node !== undefined);
}

function drawHead({ view, parameters }, data) {
  const { title, summary, parent, hasFilter } = VIEWS[view];
  const heading = visible(title(parameters));
  document.title = `${heading} · Sandbox`;
  document.getElementById("title").textContent = heading;
  document.getElementById("summary").textContent = data === undefined ? "" : (summary?.(data) ?? "");
  document.getElementById("finder").hidden = hasFilter !== true;
  if (document.activeElement !== filter) filter.value = parameters.q ?? "";
  drawNavigation(parent ?? view);
}

function drawNavigation(current) {
  const items = ["projects", "buckets", "published", "groups", "iam", "requests", "faults"].map((name) =>
    h(
      "li",
      {},
      h("a", { href: `#${name}`, "aria-current": name === current ? "page" : undefined }, VIEWS[name].title({})),
    ),
  );
  document.getElementById("nav").replaceChildren(h("ul", {}, items));
}

async function poll() {
  if (!document.hidden) {
    try {
      const state = await (await fetch("/sandbox/v1/console/version")).json();
      setLive("on", "live");
      document.getElementById("clock").textContent = `${time(state.now)} UTC`;
      if (state.version !== version || VIEWS[place().view].isMoving === true) await refresh();
      version = state.version;
    } catch {
      setLive("off", "the sandbox does not answer");
      version = undefined;
    }
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

function setLive(state, text) {
  if (live.className === state) return;
  live.className = state;
  live.textContent = text;
}

addEventListener("hashchange", async () => {
  scrollTo(0, 0);
  await refresh();
  document.getElementById("main").focus({ preventScroll: true });
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === filter || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  filter.focus();
});
filter.addEventListener("input", async () => {
  const { view, parameters } = place();
  // A new filter begins at the first page.
  history.replaceState(null, "", hrefOf(view, { ...parameters, token: "", q: filter.value.trim() }));
  await refresh();
});

await refresh();
await poll();
