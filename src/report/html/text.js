/**
 * Numbers, spans and times as people read them.
 *
 * @module
 */

/** @param {number} value */
export function grouped(value) {
  return Math.round(value).toLocaleString("en");
}

/**
 * @param {number} count
 * @param {string} one
 */
export function counted(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** @param {number} ms */
export function spanText(ms) {
  if (ms < 99.5) return `${Math.round(Math.max(0, ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} value microseconds */
export function tripText(value) {
  if (value < 1) return "–";
  if (value < 1000) return `${Math.round(value)} µs`;
  const ms = value / 1000;
  if (ms >= 9995) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 9.995 ? ms.toFixed(2) : ms < 99.95 ? ms.toFixed(1) : grouped(ms)} ms`;
}

/** @param {number} share 0 to 1 */
export function shareText(share) {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "under 0.1 %";
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** @param {number} value */
export function smallText(value) {
  if (value === 0) return "0";
  if (value < 0.001) return "under 0.001";
  return value < 10 ? String(Number(value.toPrecision(2))) : grouped(value);
}

/** @param {number} ms since 1970 */
export function timeText(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "–" : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
