import type { PromotionEvent } from "../promotion/types";
import type { Progress } from "./progress";

/** Feeds a progress line from the engine's events. Lines that are settled by listings alone are not counted. */
export function followEvents(progress: Progress): (event: PromotionEvent) => void {
  const started = new Set<unknown>();
  return (event) => {
    switch (event.type) {
      case "resolved":
        progress.expect(event.pendingBytes, event.pending);
        return;
      case "started":
        started.add(event.target.line);
        return;
      case "hashed":
        progress.addBytes(event.bytes);
        return;
      case "done":
        if (started.has(event.result.line)) progress.addFile();
        return;
      case "retried":
        progress.note(`retry in ${event.delaySeconds.toFixed(1)} s: ${event.reason}`);
        return;
      case "note":
        progress.note(event.message);
        return;
      case "copied":
        return;
    }
  };
}
