import type { SandboxClient } from "../sandbox-services/sandbox-client";
import { Browser, findChromium } from "./browser";
import { startEstate, upload } from "./estate";

const chromium = findChromium();
if (chromium === undefined) {
  process.stderr.write("console page: skipped, there is no Chromium here. Install chromium or set CHROMIUM_PATH.\n");
}
const describeInBrowser = chromium === undefined ? describe.skip : describe;

describeInBrowser("the console in a browser", () => {
  let client: SandboxClient;
  let browser: Browser;

  beforeAll(async () => {
    client = await startEstate();
    browser = await Browser.start(chromium ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await client.close();
  });
  afterEach(() => expect(browser.complaints.splice(0)).toEqual([]));

  test("opens on the projects and has a heading, landmarks and a caption", async () => {
    await browser.open(client.url);
    await browser.shows("k8s-staging-kops");

    expect(await browser.value("document.title")).toBe("Projects · Sandbox");
    expect(await browser.value("document.querySelectorAll('header, main, nav, h1, caption').length")).toBe(5);
    expect(await browser.value("document.querySelector('nav [aria-current]').textContent")).toBe("Projects");
    const nameless =
      "[...document.querySelectorAll('button, a, input')].filter((e) => !(e.textContent || e.labels?.length)).length";
    expect(await browser.value(nameless)).toBe(0);
  });

  test("shows what happens without being asked", async () => {
    await browser.open(client.url);
    await browser.shows("k8s-staging-kops");
    await client.project("k8s-staging-etcd");

    expect(await browser.shows("k8s-staging-etcd")).toContain("2 projects");
  });

  test("shows hostile names as the text they are", async () => {
    await browser.open(`${client.url}/#objects?bucket=k8s-staging-kops`);
    const text = await browser.shows("<img src=x onerror=");

    expect(text).toContain('"><script>document.title="taken"</');
    expect(text).toContain("javascript:document.title='taken'");
    expect(text).toContain("a\\u202egnp.exe");
    expect(await browser.value("document.title")).toBe("k8s-staging-kops · Sandbox");
    expect(await browser.value("document.querySelectorAll('main img, main script').length")).toBe(0);
    const schemes = "[...new Set([...document.querySelectorAll('main a')].map((a) => a.protocol))]";
    expect(await browser.value(schemes)).toEqual(["http:"]);
  });

  test("goes through thousands of objects, a page at a time", async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `many/file-${String(index).padStart(5, "0")}`);
    for (let start = 0; start < names.length; start += 100) {
      await Promise.all(names.slice(start, start + 100).map((name) => upload(client, "k8s-staging-kops", name)));
    }
    await browser.open(`${client.url}/#objects?bucket=k8s-staging-kops&prefix=many/`);
    await browser.shows("file-00099");
    const rows = "document.querySelectorAll('main table')[0].tBodies[0].rows.length";
    expect(await browser.value(rows)).toBe(100);

    await browser.value("document.querySelector('a[rel=next]').click()");
    expect(await browser.shows("file-00100")).not.toContain("file-00099");
    expect(await browser.value(rows)).toBe(100);
  });

  test("shows members of groups in groups, and follows links", async () => {
    await browser.open(`${client.url}/#groups`);
    await browser.shows("outer@example.org");
    await browser.value(
      "[...document.querySelectorAll('main a')].find((a) => a.textContent === 'outer@example.org').click()",
    );
    const text = await browser.shows("alice@example.org");

    expect(text).toContain("inner@example.org");
    expect(text).toContain("projects/k8s-staging-kops");
  });

  test("is filtered from the keyboard", async () => {
    await browser.open(`${client.url}/#iam`);
    await browser.shows("projectOwner:k8s-staging-kops");
    await browser.type("/outer");

    expect(await browser.shows("1 grant")).not.toContain("projectOwner");
    expect(await browser.value("location.hash")).toBe("#iam?q=outer");
  });

  test("lists published files with links that work", async () => {
    await browser.open(`${client.url}/#published`);
    await browser.shows("kops/1.25.4/linux/amd64/kops");

    const href = await browser.value<string>("document.querySelector('main table a').href");
    expect(await (await fetch(href)).text()).toBe("hello");
  });

  test("shows requests as they come, with who asked", async () => {
    await browser.open(`${client.url}/#requests`);
    await browser.shows("user:owner@example.org");
    await client.get("/resource-manager/v1/projects/k8s-staging-nope", "user:eve@example.org");

    expect(await browser.shows("user:eve@example.org")).toContain("403");
  });

  test("shows faults and takes them away", async () => {
    await client.post("/sandbox/v1/faults", { match: { path: "/nowhere" }, action: { status: 503 } });
    await browser.open(`${client.url}/#faults`);
    await browser.shows("/nowhere");
    await browser.value("document.querySelector('main button').click()");

    await browser.shows("No faults");
    expect((await client.get("/sandbox/v1/faults")).body.faults).toEqual([]);
  });

  test("is out of reach for an object that is opened as a page", async () => {
    await upload(client, "k8s-staging-kops", "page.html");
    await browser.open(`${client.url}/k8s-staging-kops/page.html`);
    await browser.shown("location.pathname === '/k8s-staging-kops/page.html'");

    expect(await browser.value("window.origin")).toBe("null");
  });

  test("says what is wrong in words", async () => {
    await browser.open(`${client.url}/#objects?bucket=nope`);
    await browser.shows("There is no bucket nope.");
    // The page asks again each second; only a page that is gone has had its last answer.
    await browser.open(client.url);
    await browser.shows("k8s-staging-kops");
    // The refused requests themselves are reported by the browser.
    expect(browser.complaints.splice(0).every((complaint) => complaint.includes("404"))).toBe(true);
  });

  test("looks the same in the dark, and fits a small window", async () => {
    await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
    await browser.send("Emulation.setDeviceMetricsOverride", {
      width: 390,
      height: 800,
      deviceScaleFactor: 1,
      mobile: true,
    });
    await browser.open(client.url);
    await browser.shows("k8s-staging-kops");

    expect(await browser.value("getComputedStyle(document.body).backgroundColor")).toBe("rgb(20, 23, 28)");
    // Wide tables scroll in their own frame; the page itself doesn't.
    expect(await browser.value("document.documentElement.scrollWidth")).toBe(390);
    expect((await browser.screenshot()).length).toBeGreaterThan(10_000);
  });
});
