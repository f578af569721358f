/** Levels of Terraform's log; `TF_LOG` picks what is shown. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Writes one line to Terraform's log, if it keeps one, in the form go-plugin reads from a plugin's standard error. */
export function log(level: LogLevel, message: string, fields: Readonly<Record<string, string | number>> = {}): void {
  if (!process.env.TF_LOG && !process.env.TF_LOG_PROVIDER) return;
  const line = { "@level": level, "@message": message, "@timestamp": new Date().toISOString(), ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
