import { spawn } from "../../../lib/cli/cdktf/pseudo-terminal";
import { type Executor, type Project, type RunOptions, runStacks } from "../../../lib/cli/cdktf/run-stacks";

/** What happens to a stack when it is run. */
type Fate = "done" | "fails" | "fails to start" | "is dismissed" | "waits for approval";

interface FakeStack {
  readonly needs?: readonly string[];
  readonly fate?: Fate;
}

/** A project of cdktf-cli whose stacks take one turn of the event loop each, and what was begun and finished in it. */
function project(stacks: Readonly<Record<string, FakeStack>>, names = Object.keys(stacks)) {
  const told: string[] = [];
  const abort = new AbortController();
  const executors = names.map((name) => fakeExecutor(name, stacks[name] ?? {}, told));
  const fake: Project = { stacksToRun: executors, abortSignal: abort.signal, onUpdate: () => {} };
  return { fake, told, abort };
}

function fakeExecutor(name: string, { needs = [], fate = "done" }: FakeStack, told: string[]): Executor {
  async function run(): Promise<void> {
    told.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    if (fate === "waits for approval") {
      await new Promise<void>((reject) => executor.updateState({ type: "waiting for stack approval", reject }));
      executor.updateState({ type: "dismissed" });
      return;
    }
    if (fate === "is dismissed") executor.updateState({ type: "dismissed" });
    // What cdktf-cli throws is no Error.
    if (fate === "fails") return Promise.reject("Invoking Terraform CLI failed with exit code 1");
    told.push(`${name} ends`);
  }
  const executor: Executor & { isPending: boolean } = {
    stack: { name, workingDirectory: name, dependencies: needs },
    isPending: true,
    async initalizeTerraform() {
      if (fate === "fails to start") throw new Error("terraform init failed with exit code 1");
    },
    deploy: run,
    destroy: run,
    updateState: () => {},
    async stop() {
      executor.isPending = false;
    },
  };
  return executor;
}

const estate = { groups: {}, serving: { needs: ["groups"] }, kiln: { needs: ["groups", "serving"] } };

test.each([
  ["deploy", ["groups", "serving", "kiln"]],
  ["destroy", ["kiln", "serving", "groups"]],
] as const)("%s runs stacks in the order of their dependencies", async (verb, order) => {
  const { fake, told } = project(estate);

  await runStacks(fake, verb, {});

  expect(told).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test.each([
  {
    when: "one fails",
    stacks: { kiln: { fate: "fails" }, guest: { needs: ["kiln"] }, lathe: {}, quill: { needs: ["lathe"] } },
    said: [
      "lathe  done",
      "quill  done",
      "guest  not started: kiln failed",
      "kiln   failed",
      "4 stacks: 2 done, 1 not started, 1 failed",
    ],
  },
  {
    when: "one fails that others need by way of another",
    stacks: { ...estate, groups: { fate: "fails" } },
    said: [
      "serving  not started: groups failed",
      "kiln     not started: groups failed",
      "groups   failed",
      "3 stacks: 2 not started, 1 failed",
    ],
  },
  {
    when: "one can't be initialized",
    stacks: { kiln: { fate: "fails to start" }, lathe: {} },
    said: ["lathe  done", "kiln   failed: terraform init failed with exit code 1", "2 stacks: 1 done, 1 failed"],
  },
  {
    when: "one is dismissed and another fails",
    stacks: { kiln: { fate: "is dismissed" }, guest: { needs: ["kiln"] }, lathe: { fate: "fails" } },
    said: [
      "kiln   dismissed",
      "guest  not started: kiln dismissed",
      "lathe  failed",
      "3 stacks: 1 dismissed, 1 not started, 1 failed",
    ],
  },
] as const)("a deploy in which $when fails with the end of every stack", async ({ stacks, said }) => {
  const { fake } = project(stacks);

  const failure = await runStacks(fake, "deploy", {}).then(
    () => "none",
    (error: unknown) => String(error),
  );

  expect(failure).toBe(`\n${said.join("\n")}`);
});

test.each([
  ["all at once", {}, ["kiln begins", "lathe begins", "quill begins"]],
  ["one after another", { parallelism: 1 }, ["kiln begins", "kiln ends", "lathe begins"]],
] as const)("stacks that need nothing of each other run %s", async (_, options: RunOptions, first) => {
  const { fake, told } = project({ kiln: {}, lathe: {}, quill: {} });

  await runStacks(fake, "deploy", options);

  expect(told.slice(0, 3)).toEqual(first);
});

test("a stack that is named twice runs once", async () => {
  const { fake, told } = project({ kiln: {} }, ["kiln", "kiln"]);

  await runStacks(fake, "deploy", {});

  expect(told).toEqual(["kiln begins", "kiln ends"]);
});

test("where the menu's Stop is chosen, what waits for approval is dismissed, now or when it comes to that", async () => {
  const { fake, told } = project({
    kiln: { fate: "waits for approval" },
    guest: { needs: ["kiln"] },
    lathe: { fate: "waits for approval" },
    quill: {},
  });
  const run = runStacks(fake, "deploy", { parallelism: 3 });
  setImmediate(() => {
    for (const executor of fake.stacksToRun) executor.stop();
  });

  await run;
  expect(told).toEqual(["kiln begins", "lathe begins", "quill begins", "quill ends"]);
});

test("an interrupted deploy begins no other stack", async () => {
  const { fake, told, abort } = project({ kiln: {}, lathe: {} });
  const run = runStacks(fake, "deploy", { parallelism: 1 });
  setImmediate(() => abort.abort());

  await expect(run).rejects.toThrow("kiln   done\nlathe  not started: interrupted");
  expect(told).toEqual(["kiln begins", "kiln ends"]);
});

describe("a deploy that fails by what Google does not know everywhere yet", () => {
  const error = "Error: googleapi: Error 400: Group kiln@example.org does not exist., invalid";

  beforeEach(() => {
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  /** Deploys a stack whose terraform says these one after another, an empty text where it ends well. */
  async function deploy(
    said: readonly string[],
    meanwhile: (fake: Project, abort: AbortController) => void = () => {},
  ) {
    const { fake, abort } = project({ kiln: {} });
    const [executor] = fake.stacksToRun;
    const waits: number[] = [];
    const left = [...said];
    Object.assign(executor ?? {}, {
      stack: { name: "kiln", workingDirectory: __dirname, dependencies: [] },
      async deploy() {
        const text = left.shift() ?? "";
        if (text === "dismissed") return executor?.updateState({ type: "dismissed" });
        const terraform = spawn("sh", ["-c", 'printf %s "$0" >&2', text], { cwd: __dirname });
        await new Promise((resolve) => terraform.onExit(resolve));
        if (text !== "") throw "Invoking Terraform CLI failed with exit code 1";
      },
    });
    const run = runStacks(fake, "deploy", {}, async (seconds) => {
      waits.push(seconds);
      meanwhile(fake, abort);
    });
    const [, end] = /kiln {2}(.*)/.exec(await run.then(() => "kiln  done", String)) ?? [];
    return { waits, end };
  }

  test.each([
    { when: "it is known at the third try", said: [error, error, ""], waits: [10, 30], end: "done" },
    { when: "it is never known", said: [error, error, error, error], waits: [10, 30, 60], end: "failed" },
    {
      when: "another error comes after it",
      said: [error, "Error: googleapi: Error 409: taken"],
      waits: [10],
      end: "failed",
    },
    { when: "the further try is not approved", said: [error, "dismissed"], waits: [10], end: "failed" },
  ])("is tried again until $when", async ({ said, waits, end }) => {
    expect(await deploy(said)).toEqual({ waits, end });
  });

  test("is not tried again after an interrupt, or the menu's Stop, in the wait", async () => {
    expect(await deploy([error], (_, abort) => abort.abort())).toEqual({ waits: [10], end: "failed: interrupted" });
    expect(await deploy([error], (fake) => fake.stacksToRun[0]?.stop())).toEqual({ waits: [10], end: "failed" });
  });
});
