const SIGNALS = ["SIGINT", "SIGTERM"] as const;

type Listener = (...words: unknown[]) => void;

/** Who listens to a signal while nothing is under way. */
type Listeners = ReadonlyMap<NodeJS.Signals, readonly Listener[]>;

/** What is under way, and how each is told to stop. */
const underWay = new Set<() => void>();
let others: Listeners = new Map();
let received: NodeJS.Signals | undefined;

/**
 * Until `end`, an interrupt of this process is one of what it runs: `stop` is called, and whoever listened for the signal
 * gets it when nothing is under way any more. cdktf-cli ends at once when it is interrupted; a Terraform that ends with it
 * has saved nothing and leaves its state locked.
 */
export function deferInterrupts(end: Promise<void>, stop: () => void): void {
  if (underWay.size === 0) takeOver();
  underWay.add(stop);
  void end.then(() => {
    underWay.delete(stop);
    if (underWay.size === 0) giveBack();
  });
}

/** Whether this process was interrupted while something was under way. */
export function wasInterrupted(): boolean {
  return received !== undefined;
}

function takeOver(): void {
  others = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal) as Listener[]]));
  for (const signal of SIGNALS) process.removeAllListeners(signal).on(signal, interrupt);
}

function interrupt(signal: NodeJS.Signals): void {
  if (received === undefined) {
    process.stderr.write(
      "\ncdktf: interrupted; terraform stops and saves what it has done. Once more to give up at once\n",
    );
  }
  received = signal;
  for (const stop of underWay) stop();
}

function giveBack(): void {
  for (const signal of SIGNALS) {
    process.off(signal, interrupt);
    for (const listener of others.get(signal) ?? []) process.on(signal, listener);
  }
  // Raised anew it might find this process ended already; only without listeners is it the system's to decide.
  if (received !== undefined && !process.emit(received, received)) process.kill(process.pid, received);
}
