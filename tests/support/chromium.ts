/**
 * Headless Chromium, driven over the DevTools protocol, for tests of the HTML report. It has a profile of its own that is
 * thrown away, and reaches no network.
 *
 * @module
 */

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const START_MS = 60_000;
const ANSWER_MS = 60_000;

/** Where Chromium is; `undefined` if it is not installed. */
export const CHROMIUM: string | undefined = (Deno.env.get("PATH") ?? "").split(":").flatMap((folder) =>
  PROGRAMS.map((name) => `${folder}/${name}`)
).find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Defines a test in a browser; where Chromium is missing it is skipped, and its name says how to get it. */
export function browserTest(name: string, body: (context: Deno.TestContext) => Promise<void>): void {
  const isMissing = CHROMIUM === undefined;
  const why = isMissing ? " [skipped: needs Chromium: apt-get install chromium]" : "";
  Deno.test({ name: `${name}${why}`, ignore: isMissing, fn: body });
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly sessionId?: string;
  readonly result?: Params;
  readonly error?: { readonly message: string };
}

type Params = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (result: Params) => void;
  readonly reject: (error: Error) => void;
}

/** A running browser. */
export class Browser implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #drained: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #pages = new Map<string, Page>();
  #lastId = 0;

  private constructor(process: Deno.ChildProcess, profile: string, socket: WebSocket, drained: Promise<void>) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    this.#drained = drained;
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
  }

  /** Starts Chromium. */
  static async launch(): Promise<Browser> {
    const profile = await Deno.makeTempDir({ prefix: "synscan-chromium-" });
    const process = new Deno.Command(CHROMIUM ?? "chromium", {
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        `--user-data-dir=${profile}`,
        "--remote-debugging-port=0",
        "about:blank",
      ],
      env: { HOME: profile },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const address = Promise.withResolvers<string>();
    const drained = drain(process.stderr, address.resolve).then(() =>
      address.reject(new Error("Cannot start Chromium: it ended. Run it by hand to see why"))
    );
    const timer = setTimeout(
      () => address.reject(new Error("Cannot start Chromium: it gave no address in time. Run it by hand to see why")),
      START_MS,
    );
    try {
      const socket = new WebSocket(await address.promise);
      await new Promise<void>((resolve, reject) => {
        socket.onopen = () => resolve();
        socket.onerror = () => reject(new Error("Cannot reach Chromium: its socket did not open. Try again"));
      });
      return new Browser(process, profile, socket, drained);
    } catch (error) {
      process.kill("SIGKILL");
      await process.status;
      await Deno.remove(profile, { recursive: true });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Opens an empty page. */
  async newPage(): Promise<Page> {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, String(sessionId), String(targetId));
    this.#pages.set(String(sessionId), page);
    for (const domain of ["Page", "Runtime", "Network", "Log", "DOM", "Accessibility", "Performance"]) {
      await page.send(`${domain}.enable`);
    }
    return page;
  }

  /** Gives an order and waits for its result. */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Params>();
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      reject(new Error(`Cannot ${method}: Chromium gave no answer in ${ANSWER_MS / 1000} s. Is the page busy?`));
    }, ANSWER_MS);
    this.#waiting.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return promise.finally(() => clearTimeout(timer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#socket.onclose = () => resolve());
    await this.send("Browser.close");
    await Promise.all([closed, this.#process.status, this.#drained.catch(() => {})]);
    await Deno.remove(this.#profile, { recursive: true });
  }

  #take({ id, method, params, sessionId, result, error }: Message): void {
    if (method !== undefined) {
      this.#pages.get(sessionId ?? "")?.take(method, params ?? {});
      return;
    }
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(`Cannot go on: Chromium says ${error.message}. Check the order given`));
  }
}

/** A page, what it asked of the network, and what went wrong in it. */
export class Page implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #sessionId: string;
  readonly #targetId: string;
  readonly #expected: { readonly method: string; readonly resolve: (params: Params) => void }[] = [];
  /** Addresses that were asked for, the page's own among them. */
  readonly requests: string[] = [];
  /** What the page, or the browser on its behalf, complained of. */
  readonly errors: string[] = [];

  constructor(browser: Browser, sessionId: string, targetId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
    this.#targetId = targetId;
  }

  /** Gives the page an order and waits for its result. */
  send(method: string, params: Params = {}): Promise<Params> {
    return this.#browser.send(method, params, this.#sessionId);
  }

  /** The next event of that name. */
  event(method: string): Promise<Params> {
    return new Promise((resolve) => this.#expected.push({ method, resolve }));
  }

  /** Takes an event. */
  take(method: string, params: Params): void {
    const at = this.#expected.findIndex((expected) => expected.method === method);
    if (at >= 0) this.#expected.splice(at, 1)[0]?.resolve(params);
    if (method === "Network.requestWillBeSent") this.requests.push((params.request as { url: string }).url);
    if (method === "Runtime.exceptionThrown") this.errors.push(JSON.stringify(params.exceptionDetails));
    if (method === "Runtime.consoleAPICalled") this.errors.push(JSON.stringify(params.args));
    if (method === "Log.entryAdded") this.errors.push(JSON.stringify(params.entry));
    if (method === "Page.javascriptDialogOpening") this.errors.push(`dialog: ${params.message}`);
  }

  /** Opens a file and waits until it has been loaded. */
  async open(path: string): Promise<void> {
    const loaded = this.event("Page.loadEventFired");
    await this.send("Page.navigate", { url: `file://${path}` });
    await loaded;
  }

  /** Returns how long a processor has worked for the page, in milliseconds: however long it worked for others. */
  async workedMs(): Promise<number> {
    const { metrics } = await this.send("Performance.getMetrics");
    return 1000 * (metrics as { name: string; value: number }[]).find(({ name }) => name === "ThreadTime")!.value;
  }

  /** The value of an expression in the page, as JSON would have it. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`The page threw: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  /** Presses a key, by the name that KeyboardEvent.key has for it. */
  async press(key: string, options: { readonly shift?: boolean } = {}): Promise<void> {
    const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
    const code = KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0);
    const event = {
      key,
      code: key === " " ? "Space" : key,
      windowsVirtualKeyCode: code,
      modifiers: options.shift ? 8 : 0,
      ...(text === undefined ? {} : { text }),
    };
    await this.send("Input.dispatchKeyEvent", { type: text === undefined ? "rawKeyDown" : "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** Enters text where the focus is. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Gives the window another size, in CSS pixels. */
  async resize(width: number, height: number, options: { readonly isPhone?: boolean } = {}): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: options.isPhone ? 2 : 1,
      mobile: options.isPhone ?? false,
    });
  }

  /** The page as it is printed, as a PDF. */
  async print(): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.send("Page.printToPDF", { printBackground: true, preferCSSPageSize: false });
    return Uint8Array.fromBase64(String(data));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.send("Target.closeTarget", { targetId: this.#targetId });
  }
}

const KEY_CODES: Readonly<Record<string, number>> = {
  Enter: 13,
  Tab: 9,
  Escape: 27,
  " ": 32,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

/** Reads what Chromium says to the end, so that it never waits for a reader; the address it names is given on. */
async function drain(stderr: ReadableStream<Uint8Array>, found: (address: string) => void): Promise<void> {
  let text = "";
  for await (const piece of stderr.pipeThrough(new TextDecoderStream())) {
    text = (text + piece).slice(-4096);
    const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (address !== undefined) found(address);
  }
}
