const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? singular : plural}`;
}

/** `2026-01-31 12:00:00`, UTC, as the sandbox's clock has it. */
export function time(timestamp) {
  return timestamp.replace("T", " ").replace(/\.\d+Z$/, "");
}

export function days(seconds) {
  const whole = Math.round(seconds / 86_400);
  return whole >= 1 ? count(whole, "day") : count(seconds, "second");
}
