/**
 * Reports each use of a timer on standard error; to be loaded before the program.
 *
 * @module
 */
for (const name of ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval"]) {
  Object.defineProperty(globalThis, name, {
    get: () => {
      console.error(`timer: ${name}`);
      return () => 0;
    },
  });
}
