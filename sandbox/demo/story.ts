/** What a step proved or showed, in one line. */
export interface Finding {
  readonly text: string;

  /** What a command printed, shown indented. */
  readonly shown?: readonly string[];

  /** A command that was run, which proves nothing by itself. */
  readonly isCommand?: true;
}

export interface StepRecord {
  readonly title: string;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

/** Tells the run as it happens and keeps it for the closing table and page. */
export class Story {
  readonly steps: StepRecord[] = [];
  private findings: Finding[] = [];
  private current: string | undefined;

  constructor(private readonly write: (text: string) => void) {}

  /** How far the run has come, to say where it failed. */
  get place(): string {
    const { length } = this.steps;
    return this.current === undefined
      ? `after step ${length}: ${this.steps.at(-1)?.title ?? "none"}`
      : `in step ${length + 1}: ${this.current}`;
  }

  /** Runs one step; its record is kept when it ends well. */
  async step(title: string, work: () => Promise<void>): Promise<void> {
    this.current = title;
    this.findings = [];
    this.write(`\n${this.steps.length + 1}. ${title}\n`);
    const started = performance.now();
    await work();
    const seconds = (performance.now() - started) / 1000;
    this.steps.push({ title, seconds, findings: this.findings });
    this.current = undefined;
    this.write(`   ${seconds.toFixed(1)} s\n`);
  }

  /** A command that runs now, as a user would type it. */
  doing(command: string): void {
    this.findings.push({ text: command, isCommand: true });
    this.write(`   … ${command}\n`);
  }

  /** Something that holds now, with the lines that show it. */
  proved(text: string, shown: readonly string[] = []): void {
    this.findings.push({ text, shown });
    this.write(`   ✓ ${text}\n`);
    for (const line of shown) this.write(`       ${line}\n`);
  }
}
