import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Collection, compareUtf8 } from "../../sandbox/state/collection";
import { Store } from "../../sandbox/state/store";
import { temporaryFolder } from "./support";

const root = temporaryFolder();
let count = 0;
const folder = () => join(root, String(count++));

describe("a store", () => {
  test("keeps what was committed, and deletions, when opened again without having been closed", () => {
    const path = folder();
    const store = new Store(path);
    store.collection<string>("a").put("x", "1");
    store.collection<string>("a").put("y", "2");
    store.commit();
    store.collection<string>("a").delete("x");
    store.commit();
    store.collection<string>("a").put("z", "never committed");

    const again = new Store(path);

    expect(again.collection("a").keys()).toEqual(["y"]);
  });

  test("keeps all of a commit or nothing of it when its last record is torn anywhere", () => {
    const path = folder();
    const store = new Store(path);
    store.collection<string>("a").put("first", "1");
    store.commit();
    const journal = join(path, "metadata.jsonl");
    const before = statSync(journal).size;
    store.collection<string>("a").put("second", "ä");
    store.collection<string>("b").put("third", "3");
    store.commit();
    const bytes = readFileSync(journal);

    for (let cut = before; cut < bytes.length; cut += 1) {
      const torn = folder();
      new Store(torn).close();
      writeFileSync(join(torn, "metadata.jsonl"), bytes.subarray(0, cut));
      const opened = new Store(torn);
      expect(opened.collection("a").keys()).toEqual(["first"]);
      opened.collection<string>("a").put("after", "4");
      opened.commit();
      expect(new Store(torn).collection("a").keys()).toEqual(["after", "first"]);
    }
  });

  test("fails on a journal that was changed in the middle, naming the file", () => {
    const path = folder();
    const store = new Store(path);
    store.commit();
    appendFileSync(join(path, "metadata.jsonl"), 'not json\n[["a","x","1"]]\n');

    expect(() => new Store(path)).toThrow(/metadata\.jsonl: damaged at byte 0/);
  });

  test("rewrites its journal when most of it is history", () => {
    const path = folder();
    const store = new Store(path);
    for (let round = 0; round < 25_000; round += 1) {
      store.collection<number>("a").put("same", round);
      if (round % 100 === 0) store.commit();
    }
    store.commit();

    expect(statSync(join(path, "metadata.jsonl")).size).toBeLessThan(500_000);
    expect(new Store(path).collection("a").get("same")).toBe(24_999);
  });

  test("runs what waits for a commit after it", () => {
    const path = folder();
    const store = new Store(path);
    store.collection<string>("a").put("x", "1");
    let seen = 0;
    store.onceCommitted(() => {
      seen = new Store(path).collection("a").size;
    });
    store.commit();

    expect(seen).toBe(1);
  });
});

describe("a collection", () => {
  test("sorts as the bytes of UTF-8 do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  test("lists what a plain map holds, whatever was put and deleted in whichever order", () => {
    const step = fc.record({ key: fc.string({ maxLength: 2 }), isDeleted: fc.boolean(), isListed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const collection = new Collection<string>(() => {});
        const model = new Map<string, string>();
        for (const { key, isDeleted, isListed } of steps) {
          if (isDeleted) {
            expect(collection.delete(key)).toBe(model.delete(key));
          } else {
            collection.put(key, key);
            model.set(key, key);
          }
          if (isListed) expect(collection.keys()).toEqual([...model.keys()].sort(compareUtf8));
        }
        expect(collection.values("a")).toEqual(
          [...model.keys()].filter((key) => key.startsWith("a")).sort(compareUtf8),
        );
      }),
    );
  });
});
