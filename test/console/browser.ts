import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "undici";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--window-size=1400,900",
  "--remote-debugging-port=0",
];

/** The browser of this machine: `CHROMIUM_PATH`, or the first that is found by its usual names. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM_PATH !== undefined) return process.env.CHROMIUM_PATH;
  return NAMES.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/** A page in headless Chromium, driven over its debugging protocol. */
export class Browser {
  /** What the page complained about: uncaught errors, refused resources. */
  readonly complaints: string[] = [];
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private nextId = 1;

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly socket: WebSocket,
  ) {
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(String(data))));
  }

  static async start(chromium: string): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), "console-browser-"));
    const child = spawn(chromium, [...FLAGS, `--user-data-dir=${folder}`, "about:blank"], { stdio: "ignore" });
    const file = join(folder, "DevToolsActivePort");
    await until("Chromium to listen", async () => existsSync(file) && readFileSync(file, "utf8").includes("\n"));
    const [port] = readFileSync(file, "utf8").split("\n");
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly Page[];
    const page = pages.find(({ type }) => type === "page");
    if (page === undefined) throw new Error("Chromium shows no page");
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const browser = new Browser(child, folder, socket);
    for (const domain of ["Page", "Runtime", "Log"]) await browser.send(`${domain}.enable`);
    return browser;
  }

  async open(url: string): Promise<void> {
    await this.send("Page.navigate", { url: "about:blank" });
    await this.send("Page.navigate", { url });
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const answer = (await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    })) as Evaluated;
    if (answer.exceptionDetails !== undefined)
      throw new Error(`${expression}: ${JSON.stringify(answer.exceptionDetails)}`);
    // The test knows what it asks for.
    return answer.result.value as T;
  }

  /** Waits until the main part of the page contains a text, then returns all of its text. */
  async shows(text: string): Promise<string> {
    let shown = "";
    await until(`the page to show ${text}`, async () => {
      shown = await this.value<string>("document.querySelector('main')?.innerText ?? ''");
      return shown.includes(text);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows:\n${shown}`);
    });
    return shown;
  }

  /** Waits until an expression is true in the page. */
  async shown(expression: string): Promise<void> {
    await until(expression, () => this.value<boolean>(expression));
  }

  /** Types on the keyboard, wherever the focus is. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.send("Input.dispatchKeyEvent", { type: "keyDown", text: key, key });
      await this.send("Input.dispatchKeyEvent", { type: "keyUp", key });
    }
  }

  async screenshot(): Promise<Buffer> {
    const { data } = (await this.send("Page.captureScreenshot")) as { readonly data: string };
    return Buffer.from(data, "base64");
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    await this.send("Browser.close");
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private hear(message: Heard): void {
    if (message.id !== undefined) this.waiting.get(message.id)?.(message.result ?? message.error);
    if (message.method === "Runtime.exceptionThrown") this.complaints.push(JSON.stringify(message.params));
    if (message.method === "Log.entryAdded" && message.params.entry?.level === "error") {
      this.complaints.push(JSON.stringify(message.params.entry));
    }
  }
}

interface Page {
  readonly type: string;
  readonly webSocketDebuggerUrl: string;
}

interface Evaluated {
  readonly result: { readonly value: unknown };
  readonly exceptionDetails?: object;
}

interface Heard {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly method?: string;
  readonly params: { readonly entry?: { readonly level: string } };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(50);
  }
}
