/** The local stand-in for `@std/fmt`. Holds for the package itself as well. */

import { assertEquals, assertThrows } from "@std/assert";
import { format as formatBytes } from "@std/fmt/bytes";
import {
  bold,
  cyan,
  dim,
  getColorEnabled,
  gray,
  green,
  red,
  setColorEnabled,
  stripAnsiCode,
  yellow,
} from "@std/fmt/colors";
import { format as formatDuration } from "@std/fmt/duration";

const STYLES: readonly [name: string, paint: (text: string) => string, open: number, close: number][] = [
  ["bold", bold, 1, 22],
  ["dim", dim, 2, 22],
  ["red", red, 31, 39],
  ["green", green, 32, 39],
  ["yellow", yellow, 33, 39],
  ["cyan", cyan, 36, 39],
  ["gray", gray, 90, 39],
];

/** Runs with colour on or off; where the environment says NO_COLOR, colour stays off. */
function withColor(value: boolean, run: () => void): void {
  const before = getColorEnabled();
  setColorEnabled(value);
  try {
    run();
  } finally {
    setColorEnabled(before);
  }
}

for (const [name, paint, open, close] of STYLES) {
  Deno.test(`colors: ${name}`, () => {
    withColor(true, () => {
      const expected = Deno.noColor ? "open" : `\x1b[${open}mopen\x1b[${close}m`;
      assertEquals(paint("open"), expected);
      assertEquals(stripAnsiCode(paint("open")), "open");
    });
    withColor(false, () => assertEquals(paint("open"), "open"));
  });
}

Deno.test("colors: a colour within a colour gives it back", () => {
  withColor(true, () => {
    const expected = "\x1b[31ma \x1b[32mb\x1b[31m c\x1b[39m";
    assertEquals(red(`a ${green("b")} c`), Deno.noColor ? "a b c" : expected);
  });
});

Deno.test("colors: NO_COLOR wins over setColorEnabled", async () => {
  const code = `import { bold, getColorEnabled, setColorEnabled } from "@std/fmt/colors";
    setColorEnabled(true);
    console.log(getColorEnabled() + bold("x"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", code],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1" },
    stderr: "inherit",
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "falsex\n");
});

Deno.test("colors: sequences are taken out whole", () => {
  assertEquals(stripAnsiCode("\x1b[1;38;5;196mred\x1b[0m and \x1b]0;title\x07plain\x1b[2K"), "red and plain");
});

const DURATIONS: readonly [ms: number, narrow: string, full: string][] = [
  [0, "", ""],
  [0.5, "500µs", "500 microseconds"],
  [1, "1ms", "1 millisecond"],
  [1.25, "1ms 250µs", "1 millisecond, 250 microseconds"],
  [99_674, "1m 39s 674ms", "1 minute, 39 seconds, 674 milliseconds"],
  [3_600_000, "1h", "1 hour"],
  [90_061_001, "1d 1h 1m 1s 1ms", "1 day, 1 hour, 1 minute, 1 second, 1 millisecond"],
  [-1500, "1s 500ms", "1 second, 500 milliseconds"],
  [0.000_001_9, "1ns", "1 nanosecond"],
  [0.000_999_9, "999ns", "999 nanoseconds"],
  [607.999_999_99, "607ms", "607 milliseconds"],
  [20_000_000_000.25, "231d 11h 33m 20s 250µs", "231 days, 11 hours, 33 minutes, 20 seconds, 250 microseconds"],
];

for (const [ms, narrow, full] of DURATIONS) {
  Deno.test(`duration: ${ms} ms`, () => {
    assertEquals(formatDuration(ms, { ignoreZero: true }), narrow);
    assertEquals(formatDuration(ms, { ignoreZero: true, style: "full" }), full);
  });
}

Deno.test("duration: zeros are written unless told otherwise", () => {
  assertEquals(formatDuration(60_000), "0d 0h 1m 0s 0ms 0µs 0ns");
});

const SIZES: readonly [bytes: number, decimal: string, binary: string][] = [
  [0, "0 B", "0 B"],
  [0.5, "0.5 B", "0.5 B"],
  [999, "999 B", "999 B"],
  [1000, "1 kB", "1000 B"],
  [1337, "1.34 kB", "1.31 kiB"],
  [-1_500_000, "-1.5 MB", "-1.43 MiB"],
  [2 ** 40, "1.1 TB", "1 TiB"],
];

for (const [bytes, decimal, binary] of SIZES) {
  Deno.test(`bytes: ${bytes}`, () => {
    assertEquals(formatBytes(bytes), decimal);
    assertEquals(formatBytes(bytes, { binary: true }), binary);
  });
}

Deno.test("bytes: what is not finite has no size", () => {
  assertThrows(() => formatBytes(NaN), TypeError);
  assertThrows(() => formatBytes(Infinity), TypeError);
});
