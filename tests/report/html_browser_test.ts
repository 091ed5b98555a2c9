/**
 * The HTML report in a real browser: what a person sees, presses and types.
 */
import { assert, assertEquals } from "@std/assert";
import { fieldNamed } from "../../src/report/fields.ts";
import type { ScanChanges } from "../../src/report/changes.ts";
import { newAggregator } from "../../src/report/formats.ts";
import { HtmlWriter } from "../../src/report/html.ts";
import type { ScanHead } from "../../src/report/writer.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { passesNamed } from "../../src/result/pass.ts";
import type { Summary } from "../../src/result/summary.ts";
import { namesIn, result, summary } from "../support/results.ts";
import { OPTIONS } from "../support/writers.ts";
import { Browser, browserTest, type Page } from "../support/chromium.ts";
import { until } from "../support/program.ts";

const HOSTILE = "</script><img src=x onerror=globalThis.hacked=1><script>globalThis.hacked=2</script>";
const SERVICES = new Map([[22, "ssh"], [80, "http"], [443, "https"], [3306, "mysql"], [8080, "http-alt"]]);

const open = (ip: string, port: number, changes: Partial<PortResult> = {}) =>
  result({ ip, port, state: "open", reason: "syn-ack", service: SERVICES.get(port), ...changes });

/** A report, of some fields or cut off before its end if asked. */
function report(
  results: readonly PortResult[],
  changes: Partial<Summary> = {},
  options: { cut?: boolean; fields?: readonly string[]; head?: Partial<ScanHead>; changes?: ScanChanges } = {},
) {
  const fields = options.fields?.map((name) => fieldNamed(name)!);
  const writer = new HtmlWriter({ ...OPTIONS, fields }, newAggregator(0));
  const hosts = changes.hosts ?? 256;
  let text = writer.start({
    hosts,
    probes: results.length,
    technique: "syn",
    startedAtMs: Date.UTC(2026, 10, 21, 4, 41, 46),
    args: ["-p", "1-1000", "10.0.0.0/22", HOSTILE],
    version: "0.1.0",
    names: namesIn(results),
    ...options.head,
  });
  for (let at = 0; at < results.length; at += 256) text += writer.results(results.slice(at, at + 256), at);
  if (options.cut) return text + (writer.tail?.() ?? "");
  if (options.changes !== undefined) writer.compared(options.changes);
  const count = (state: string) => results.reduce((sum, one) => one.state === state ? sum + 1 : sum, 0);
  const counts = { open: count("open"), closed: count("closed"), filtered: count("filtered") };
  return text + [...writer.end(summary({ ...counts, hosts, ...changes }), 1)].join("");
}

/** Sixty hosts in two networks: one port open in all of them, some with more, one with a hostile name, one without any. */
function small(): PortResult[] {
  const results = [
    open("10.0.0.10", 443, { names: ["Web-10.example"] }),
    open("10.0.0.9", 22, { names: [HOSTILE], rttMs: 5 }),
    open("10.0.0.9", 8080),
    open("10.0.0.9", 60000, { service: HOSTILE }),
    open("10.0.0.11", 443, { names: [`\u202egnp.exe\u2066${"long-".repeat(80)}`] }),
    result({ ip: "10.0.0.12", port: 80 }),
    result({ ip: "10.0.0.9", port: 81, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" }),
  ];
  for (let at = 0; at < 56; at++) results.push(open(`10.0.3.${at}`, at % 2 === 0 ? 22 : 3306, { rttMs: 1 + at }));
  return results;
}

/** Thirty hosts of a network that are alike. */
function neighbours(): PortResult[] {
  const results = [];
  for (let host = 1; host <= 30; host++) {
    results.push(open(`10.0.9.${host}`, 22), open(`10.0.9.${host}`, 443));
    if (host < 8) results.push(open(`10.0.9.${host}`, 3389));
  }
  return results;
}

/** Hosts beside them that are not. */
function oddHosts(): PortResult[] {
  const ports: [number, number[]][] = [[50, [22, 3306, 6379, 9200]], [60, [22, 23, 60000]], [61, [22, 60001]], [62, [
    22,
    8080,
  ]], [63, [443, 7001, 7002, 7003]]];
  return ports.flatMap(([host, own]) => own.map((port) => open(`10.0.9.${host}`, port)));
}

/** Returns the rows of the table. */
interface Shown {
  readonly count: string;
  readonly first: readonly string[];
}

const SHOWN = `({
  count: document.getElementById("count").textContent,
  first: [...document.querySelectorAll("#table tbody tr:not(.detail) > :first-child")].slice(0, 3)
    .map((cell) => (cell.querySelector("button") ?? cell).textContent),
})`;

/** Searches by typing, and waits until the table has followed. */
async function search(page: Page, text: string): Promise<Shown> {
  await page.evaluate(`document.getElementById("search").focus(); document.getElementById("search").select()`);
  if (text === "") await page.press("Escape");
  else await page.type(text);
  await page.press("Enter");
  return await page.evaluate<Shown>(SHOWN);
}

const focused = (page: Page) =>
  page.evaluate<string>(
    `(({ id, tagName, textContent }) => id || tagName + " " + textContent)(document.activeElement)`,
  );
const readout = (page: Page) => page.evaluate<string>(`document.getElementById("map-readout").textContent`);
const texts = (page: Page, selector: string) =>
  page.evaluate<string[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((e) => e.textContent)`);

browserTest("html in a browser", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "synscan-html-" });
  await using browser = await Browser.launch();
  const opened = async (name: string, document: string): Promise<Page> => {
    const path = `${folder}/${name}.html`;
    await Deno.writeTextFile(path, document);
    const page = await browser.newPage();
    await page.open(path);
    return page;
  };
  /** Nothing but the file itself was asked for, and nothing was complained of. */
  const isClean = (page: Page, ...names: readonly string[]) => {
    assertEquals(page.errors, []);
    assertEquals([...new Set(page.requests)].sort(), names.map((name) => `file://${folder}/${name}.html`));
  };

  try {
    await using page = await opened(
      "small",
      report(small(), { warnings: [HOSTILE], suspects: [{ ip: "10.0.0.9", suspect: "syn-proxy" }] }),
    );

    await t.step("asks the network for nothing, and complains of nothing", async () => {
      isClean(page, "small");
      assertEquals(await page.evaluate("document.title"), "synscan: 256 hosts, 2026-11-21");
      assertEquals(await texts(page, "#figures b"), ["1", "61", "1", "1", "24.6 ms", "9,877"]);
    });

    await t.step("nothing may be loaded or run but what the policy names", async () => {
      const broken = await page.evaluate<string[]>(`new Promise((resolve) => {
        const broken = [];
        addEventListener("securitypolicyviolation", (event) => {
          broken.push(event.effectiveDirective);
          if (broken.length === 3) resolve(broken.sort());
        });
        const image = document.createElement("img");
        image.src = "http://127.0.0.1:9/x";
        const script = document.createElement("script");
        script.textContent = "globalThis.hacked = 3";
        document.body.append(image, script);
        fetch("http://127.0.0.1:9/y").catch(() => {});
      })`);
      assertEquals(broken, ["connect-src", "img-src", "script-src-elem"]);
      assertEquals(await page.evaluate("globalThis.hacked"), undefined);
      await page.open(`${folder}/small.html`);
      page.errors.length = page.requests.length = 0;
    });

    await t.step("hostile names, services, warnings and arguments are text", async () => {
      assertEquals(await page.evaluate("globalThis.hacked"), undefined);
      assertEquals(await texts(page, "img, script:not([type]) ~ script:not([type])"), []);
      assertEquals((await texts(page, "#table td.name bdi")).slice(0, 2), [HOSTILE, "Web-10.example"]);
      assertEquals(await texts(page, "#warnings li"), [HOSTILE]);
      assert((await texts(page, "#command"))[0]?.includes(HOSTILE));
      assert((await texts(page, "#by-port .label")).includes(`60000 ${HOSTILE}`));
      assertEquals(await page.evaluate(`/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.textContent)`), false);
    });

    await t.step("search", async (t) => {
      const cases: readonly (readonly [text: string, count: string, first: readonly string[]])[] = [
        ["10.0.0.", "3 hosts", ["10.0.0.9", "10.0.0.10", "10.0.0.11"]],
        ["10.0.0.1", "Nothing fits", []],
        ["10.0.3.0/28", "16 hosts", ["10.0.3.0", "10.0.3.1", "10.0.3.2"]],
        ["443", "2 hosts", ["10.0.0.10", "10.0.0.11"]],
        ["8000-9000", "1 host", ["10.0.0.9"]],
        ["mysql 10.0.3.5", "1 host", ["10.0.3.5"]],
        ["service:http", "Nothing fits", []],
        ["HTTP", "3 hosts", ["10.0.0.9", "10.0.0.10", "10.0.0.11"]],
        ["WEB-", "1 host", ["10.0.0.10"]],
        ["syn-proxy", "1 host", ["10.0.0.9"]],
        ["state:filtered", "1 host", ["10.0.0.9"]],
        ["port:60000,8000-9000,3306 10.0.0.", "1 host", ["10.0.0.9"]],
        ["ip:10.0.0.10,10.0.0.11", "2 hosts", ["10.0.0.10", "10.0.0.11"]],
        ["state:closed", "1 host", ["10.0.0.12"]],
        ["is:up", "1 to 25 of 60 hosts", ["10.0.0.9", "10.0.0.10", "10.0.0.11"]],
        ["is:odd", "1 host", ["10.0.0.9"]],
        ["<img", "1 host", ["10.0.0.9"]],
        ["", "1 to 25 of 59 hosts", ["10.0.0.9", "10.0.0.10", "10.0.0.11"]],
      ];
      for (const [text, count, first] of cases) {
        await t.step(text, async () => assertEquals(await search(page, text), { count, first }));
      }
      await t.step("by pressing a bar", async () => {
        const press = (label: string) =>
          page.evaluate(`[...document.querySelectorAll(".bars button")]
            .find((bar) => bar.querySelector(".label").textContent === ${JSON.stringify(label)}).click()`);
        await press("3306 mysql");
        assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 to 25 of 28 hosts");
        await press(`60000 ${HOSTILE}`);
        assertEquals(await page.evaluate<Shown>(SHOWN), { count: "1 host", first: ["10.0.0.9"] });
        assertEquals(await focused(page), "search");
      });
      await t.step("marks the ports that fit", async () => {
        await search(page, "8080");
        assertEquals(await texts(page, "#table mark"), ["8080\u00a0http-alt"]);
        await search(page, "");
      });
    });

    await t.step("sort", async () => {
      const sortBy = async (name: string) => {
        await page.evaluate(`document.querySelector('#table button[data-sort="${name}"]').click()`);
        const sorted = await page.evaluate<string[]>(
          `[...document.querySelectorAll("#table th[aria-sort]")].filter((th) => th.ariaSort !== "none")
            .map((th) => th.textContent + " " + th.ariaSort)`,
        );
        return [...sorted, ...(await page.evaluate<Shown>(SHOWN)).first];
      };
      assertEquals(await sortBy("address"), ["Address descending", "10.0.3.55", "10.0.3.54", "10.0.3.53"]);
      assertEquals(await sortBy("open"), ["Open descending", "10.0.0.9", "10.0.0.10", "10.0.0.11"]);
      assertEquals(await sortBy("open"), ["Open ascending", "10.0.0.10", "10.0.0.11", "10.0.3.0"]);
      assertEquals(await sortBy("rtt"), ["Round trip descending", "10.0.3.55", "10.0.3.54", "10.0.3.53"]);
      // Hosts without a name come last, whichever way.
      assertEquals(await sortBy("name"), ["Name ascending", "10.0.0.9", "10.0.0.11", "10.0.0.10"]);
      assertEquals(await sortBy("name"), ["Name descending", "10.0.0.10", "10.0.0.11", "10.0.0.9"]);
      assertEquals(await sortBy("address"), ["Address ascending", "10.0.0.9", "10.0.0.10", "10.0.0.11"]);
    });

    await t.step("by keyboard alone", async () => {
      await page.open(`${folder}/small.html`);
      const tab = async (times = 1, shift = false) => {
        for (let time = 0; time < times; time++) await page.press("Tab", { shift });
        return await focused(page);
      };
      assertEquals(await tab(), "A Skip to hosts and ports");
      await page.press("Enter");
      assertEquals(await focused(page), "found");
      assertEquals(await tab(), "search");
      await page.type("10.0.0.9");
      await page.press("Enter");
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 host");
      assertEquals([await tab(), await tab(), await tab()], ["view-hosts", "view-ports", "all"]);
      await page.press(" ");
      assertEquals(await page.evaluate(`document.getElementById("all").checked`), true);
      assertEquals([await tab(), await tab(), await tab(), await tab()], ["copy", "csv", "json", "link"]);
      assertEquals(await tab(), "BUTTON Address");
      await page.press("Enter");
      assertEquals(await focused(page), "BUTTON Address", "a heading that was pressed keeps the focus");
      assertEquals(await tab(6), "BUTTON 10.0.0.9");
      const fold = `document.activeElement.getAttribute("aria-expanded")`;
      assertEquals(await page.evaluate(fold), "false");
      await page.press("Enter");
      assertEquals([await page.evaluate(fold), await focused(page)], ["true", "BUTTON 10.0.0.9"]);
      assertEquals(await texts(page, "#table .detail tbody tr"), [
        `22ssh?opensyn-ack645.00 ms1`,
        `81filteredadmin-prohibited from 10.0.0.25464250 µs1`,
        `8080http-alt?opensyn-ack64250 µs1`,
        `60000${HOSTILE}?opensyn-ack64250 µs1`,
      ]);
      await page.press("Enter");
      assertEquals(await texts(page, "#table .detail"), []);
      await page.evaluate(`document.getElementById("view-ports").focus()`);
      await page.press("Enter");
      assertEquals(await page.evaluate<Shown>(SHOWN), { count: "3 ports", first: Array(3).fill("10.0.0.9") });
      assertEquals(await texts(page, "#all-label"), [" Also 2 ports that are not open"]);
      assertEquals((await search(page, "10.0.0.9 admin-prohibited")).count, "1 port");
      await page.press("Escape");
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 to 25 of 61 ports");
    });

    await t.step("turning pages keeps the focus in the table", async () => {
      await page.evaluate(`document.querySelector('[data-page="next"]').focus()`);
      await page.press("Enter");
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "26 to 50 of 61 ports");
      await page.press("Enter");
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "51 to 61 of 61 ports");
      assertEquals(await focused(page), "found");
      assertEquals(await page.evaluate(`document.querySelector('[data-page="next"]').disabled`), true);
    });

    await t.step("the map is read by arrow keys, and lists what it shows", async () => {
      await page.open(`${folder}/small.html`);
      await page.evaluate(`document.getElementById("map-canvas").focus()`);
      const told = [];
      for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "End", "ArrowUp", "Home"]) {
        await page.press(key);
        told.push((await readout(page)).replace(HOSTILE, "HOSTILE").replace(/\?gnp\S+:/, "gnp:"));
      }
      assertEquals(told, [
        "10.0.0.9 HOSTILE: 3 open ports, suspect: syn-proxy",
        "10.0.0.10 Web-10.example: 1 open port",
        "10.0.0.11 gnp: 1 open port",
        "10.0.3.0: 1 open port",
        "10.0.3.55: 1 open port",
        "10.0.0.9 HOSTILE: 3 open ports, suspect: syn-proxy",
        "10.0.0.9 HOSTILE: 3 open ports, suspect: syn-proxy",
      ]);
      await page.press("Enter");
      assertEquals(await page.evaluate<Shown>(SHOWN), { count: "1 host", first: ["10.0.0.9"] });
      assertEquals(await focused(page), "search");
    });

    await t.step("what a screen reader hears has names", async () => {
      await search(page, "");
      const { nodes } = await page.send("Accessibility.getFullAXTree");
      type Node = { role?: { value: string }; name?: { value: string }; ignored: boolean };
      const heard = (nodes as Node[]).filter(({ ignored }) => !ignored)
        .map(({ role, name }) => `${role?.value} ${name?.value ?? ""}`);
      for (
        const wanted of [
          "searchbox Search",
          "table Hosts",
          "columnheader Address",
          "rowheader 10.0.0.9 syn-proxy",
          "application Address space",
          "button 22 ssh: 29 hosts. Search for it",
          "image 63 replies; half within 2",
          "region Hosts and ports",
          "navigation Pages",
        ]
      ) {
        assert(
          heard.some((one) => one.startsWith(wanted)),
          `${wanted} is not among ${heard.filter((one) => one.split(" ")[0] === wanted.split(" ")[0]).join(" | ")}`,
        );
      }
      const nameless = heard.filter((one) => /^(button|searchbox|checkbox|combobox|link) $/.test(one));
      assertEquals(nameless, []);
    });

    await t.step("fits a phone: the page never scrolls sideways", async () => {
      const long = `${"192.0.2.1,".repeat(40)}${"x".repeat(200)}`;
      const wide = {
        ip: "2001:db8:1111:2222:3333:4444:5555:6666",
        port: 60000,
        before: "closed",
        after: "open",
      } as const;
      const changes: ScanChanges = {
        ...{ scan: 7, startedAtMs: 0, compared: 1, opened: 1, closed: 0, otherwise: 0, up: [], down: [], more: 0 },
        ports: [{ ...wide, service: long }],
      };
      const head = { targets: long, sources: [wide.ip], machine: long, ports: { count: 400, text: long } };
      await Deno.writeTextFile(
        `${folder}/phone.html`,
        report(small(), { warnings: [long], trusted: false }, { changes, head }),
      );
      for (const width of [320, 390]) {
        await page.resize(width, 800, { isPhone: true });
        await page.open(`${folder}/phone.html`);
        for (
          const act of ["0", `document.querySelector(".fold").click()`, `document.getElementById("view-ports").click()`]
        ) {
          await page.evaluate(act);
          const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
          assert(wide <= width, `the page is ${wide} pixels wide at ${width}, after ${act}`);
        }
        const shown = await page.evaluate<number>(
          `document.querySelector("#table table").getBoundingClientRect().right`,
        );
        assert(shown <= width, `the table ends at ${shown} of ${width}`);
      }
      await page.resize(1280, 900);
      isClean(page, "phone", "small");
      page.requests.length = 0;
    });

    await t.step("services that were detected are shown, found and described, and never as markup", async () => {
      const nasty = "<img src=x onerror=globalThis.hacked=3>";
      const results = [
        open("10.0.0.1", 8022, {
          service: "ssh",
          finding: {
            service: "ssh",
            confidence: 10,
            product: "OpenSSH",
            version: "9.2p1",
            info: nasty,
            row: "openssh",
          },
        }),
        open("10.0.0.2", 8022, {
          service: "http",
          finding: { service: "http", confidence: 8, tunnel: "ssl", http: { title: nasty }, row: "http" },
        }),
        open("10.0.0.3", 8022),
      ];
      await Deno.writeTextFile(`${folder}/services.html`, report(results, {}, {}));
      await page.open(`${folder}/services.html`);
      const searches = { "service:ssh": "10.0.0.1", "openssh": "10.0.0.1", "service:ssl/http": "10.0.0.2" };
      for (const [words, address] of Object.entries(searches)) {
        assertEquals((await search(page, words)).first, [address], words);
      }
      await search(page, "");
      await page.evaluate(`document.getElementById("view-ports").click()`);
      const rows = await page.evaluate<string[]>(
        `[...document.querySelectorAll("#table tbody tr")].map((row) => row.textContent)`,
      );
      assertEquals(rows.map((row) => row.slice(0, row.indexOf("open"))), [
        `10.0.0.18022sshOpenSSH 9.2p1 (${nasty})`,
        "10.0.0.28022ssl/http",
        "10.0.0.38022",
      ]);
      await page.evaluate(`document.getElementById("view-hosts").click()`);
      await page.evaluate(`document.querySelectorAll(".fold")[1].click()`);
      assertEquals((await texts(page, ".detail")).some((text) => text.includes(`8022 title${nasty}`)), true);
      assertEquals(await page.evaluate("globalThis.hacked ?? 0"), 0);
      page.requests.length = 0;
    });

    await t.step("is dark where that is preferred", async () => {
      const color = `getComputedStyle(document.body).backgroundColor`;
      assertEquals(await page.evaluate(color), "rgb(255, 255, 255)");
      await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
      assertEquals(await page.evaluate(color), "rgb(18, 22, 26)");
    });

    await t.step("prints every host, in the colours of paper", async () => {
      await page.open(`${folder}/small.html`);
      await page.evaluate(`addEventListener("beforeprint", () => globalThis.printed = [
        document.querySelectorAll("#table tbody tr").length,
        getComputedStyle(document.body).backgroundColor,
      ])`);
      const pdf = await page.print();
      assertEquals(new TextDecoder().decode(pdf.subarray(0, 5)), "%PDF-");
      assertEquals(await page.evaluate("printed"), [59, "rgb(255, 255, 255)"]);
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 to 25 of 59 hosts");
      await page.send("Emulation.setEmulatedMedia", { features: [] });
      isClean(page, "small");
    });

    await t.step("a file that was cut off shows what it has, and says so", async () => {
      const cut = report(small(), {}, { cut: true });
      const torn = cut.slice(0, cut.lastIndexOf('{"tally"') + 20);
      for (const [name, document] of [["cut", cut], ["torn", torn]] as const) {
        await using page = await opened(name, document);
        assertEquals((await texts(page, "#badge"))[0], "Cut off");
        assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 to 25 of 59 hosts");
        isClean(page, name);
      }
    });

    await t.step("names targets, ports and the scanning host, and says in a sentence how far to trust it", async () => {
      const head: Partial<ScanHead> = {
        targets: "10.0.0.0/22",
        ports: { count: 3, text: "22,80-81" },
        machine: "probe-1",
        sources: ["10.0.0.254"],
      };
      const isOpen = `document.getElementById("trust-details").open`;
      await using page = await opened("head", report(small(), { loss: 0.004 }, { head }));
      assertEquals((await texts(page, "#title"))[0], "10.0.0.0/22");
      assertEquals(await texts(page, "#about > div"), [
        "Hosts256",
        "Ports3: 22, 80-81",
        "Scanned fromprobe-1 (10.0.0.254)",
        "Started2026-11-21 04:41:46 UTC",
        "Took1.23 s",
      ]);
      assertEquals(await texts(page, "#conclusion"), [
        "Every port was decided; 0 wrong results are expected at 0.4 % loss.",
      ]);
      assertEquals(await page.evaluate(isOpen), false);
      isClean(page, "head");
      await using doubtful = await opened(
        "doubt",
        report(small(), { trusted: false, undecided: 5, ended: "deadline" }),
      );
      assertEquals(await texts(doubtful, "#conclusion"), [
        "Not to be trusted in full. It ended at its deadline; 5 ports could not be decided.",
      ]);
      assertEquals(await doubtful.evaluate(isOpen), true);
      await using cut = await opened("cut-short", report(small(), { hosts: 100 }, { head: { ...head, hosts: 256 } }));
      assertEquals((await texts(cut, "#about > div"))[0], "Hosts256, of which 100 were probed");
      assertEquals((await texts(cut, "#figures .note"))[0], "of 100");
    });

    await t.step("findings: databases, remote desktops, rare ports and hosts unlike their neighbours", async () => {
      // A SYN proxy in front of one database, one beside a responder at every UDP port, and one that the own side made up.
      const suspected = [open("10.0.9.9", 27017), open("10.0.9.7", 27017), open("10.0.9.8", 5432)];
      await using page = await opened(
        "findings",
        report([...neighbours(), ...oddHosts(), ...suspected], {
          suspects: [
            { ip: "10.0.9.9", suspect: "syn-proxy" },
            { ip: "10.0.9.8", suspect: "own-side" },
            { ip: "10.0.9.7", suspect: "udp-responder" },
          ],
          notes: [{ ip: "10.0.9.3", ports: [443], more: 0, note: "forwarded" }],
        }),
      );
      const cards = await page.evaluate<Record<string, string[]>>(
        `Object.fromEntries([...document.querySelectorAll(".card")].map((card) => [card.querySelector("h3").textContent,
          [...card.querySelectorAll(".item")].map((item) => item.textContent)]))`,
      );
      assertEquals(cards, {
        "Databases 5": [
          "10.0.9.7:27017",
          "10.0.9.9:27017",
          "10.0.9.50:3306 mysql",
          "10.0.9.50:6379",
          "10.0.9.50:9200 Elasticsearch",
        ],
        "Remote desktops and control 7": [1, 2, 3, 4, 5].map((host) => `10.0.9.${host}:3389`),
        "Logins in clear text 1": ["10.0.9.60:23"],
        // Ports without a name before those that are known: 8080 is the sixth.
        "Rare ports 6": [
          ...[7001, 7002, 7003].map((port) => `10.0.9.63:${port}`),
          "10.0.9.60:60000",
          "10.0.9.61:60001",
        ],
        "Hosts unlike their neighbours 2": [
          "10.0.9.63 3 ports that none of 31 neighbours has: 7001, 7002, 7003; lacks 22 ssh, which 31 of 31 neighbours " +
          "have (10.0.9.0/24)",
          "10.0.9.50 3 ports that none of 31 neighbours has: 3306, 6379, 9200 (10.0.9.0/24)",
        ],
        "Odd replies 4": [
          "10.0.9.3 port 443: forwarded",
          "10.0.9.7 suspect: udp-responder",
          "10.0.9.8 suspect: own-side",
          "10.0.9.9 suspect: syn-proxy",
        ],
      });
      const press = (selector: string) => page.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
      await press(".card:nth-child(2) .all");
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "7 ports");
      await press(".card .item");
      assertEquals(await texts(page, "#table tbody tr"), ["10.0.9.727017opensyn-ack64250 µs1"]);
      const top = await page.evaluate<number>(`document.getElementById("notable").getBoundingClientRect().top -
        document.querySelector("header").getBoundingClientRect().top`);
      assert(top < 500, `findings begin ${top} pixels below the top`);
      isClean(page, "findings");
    });

    await t.step("changes since the scan before come first among the findings", async () => {
      const port = { ip: "10.0.0.9", service: HOSTILE };
      const changes: ScanChanges = {
        ...{ scan: 7, startedAtMs: Date.UTC(2026, 10, 14), compared: 1234, opened: 1, closed: 1, otherwise: 1 },
        up: ["10.0.0.10"],
        down: ["10.0.2.2"],
        ports: [
          { ...port, port: 22, before: "closed", after: "open" },
          { ...port, port: 23, before: "open", after: "filtered" },
          { ...port, port: 24, before: "closed", after: "filtered" },
        ],
        more: 2,
      };
      await using page = await opened("changes", report(small(), {}, { changes }));
      assertEquals(await texts(page, ".card:first-child h3"), ["Changes since 2026-11-14 5"]);
      assertEquals(await texts(page, "#changes .hint"), [
        "1 opened, 1 no longer open, 1 changed otherwise, 1 host came up, 1 host went down, 2 only counted; " +
        "1,234 ports compared with scan 7 of 2026-11-14 00:00:00 UTC.",
      ]);
      assertEquals(
        await page.evaluate(`[...document.querySelectorAll("#changes li")].map(({ className, textContent }) =>
          className + " " + textContent.replace(${JSON.stringify(HOSTILE)}, "HOSTILE"))`),
        [
          "added 10.0.0.9:22 HOSTILE · closed → open",
          "gone 10.0.0.9:23 HOSTILE · open → filtered",
          "added 10.0.0.10 came up",
          "gone 10.0.2.2 went down",
          "other 10.0.0.9:24 HOSTILE · closed → filtered",
        ],
      );
      await page.evaluate(`document.querySelector("#changes .item").click()`);
      assertEquals(await page.evaluate<Shown>(SHOWN), { count: "1 port", first: ["10.0.0.9"] });
      isClean(page, "changes");
    });

    await t.step("totals and the bar below them list what they count", async () => {
      await using page = await opened("totals", report(small()));
      const press = async (expression: string) => {
        await page.evaluate(`${expression}.click()`);
        return [(await page.evaluate<Shown>(SHOWN)).count, await page.evaluate<string>(`search.value`)];
      };
      const figure = (at: number) => `document.querySelectorAll("#figures button")[${at}]`;
      assertEquals(await press(figure(0)), ["1 to 25 of 60 hosts", "is:up"]);
      assertEquals(await press(figure(1)), ["1 to 25 of 61 ports", "state:open"]);
      assertEquals(await press(figure(2)), ["1 host", "state:closed"]);
      assertEquals(await press(`document.querySelector("#share .state-filtered")`), ["1 host", "state:filtered"]);
    });

    await t.step("what is listed is copied, and saved as CSV and JSON", async () => {
      await using page = await opened("export", report(small()));
      await browser.send("Browser.grantPermissions", {
        permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"],
      });
      await browser.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
      await search(page, "10.0.0.9");
      const assertCopied = async (id: string, text: string) => {
        await page.evaluate(`document.getElementById("${id}").click()`);
        await until(async () => await page.evaluate<string>("navigator.clipboard.readText()") === text);
      };
      await assertCopied("copy", "10.0.0.9:22\n10.0.0.9:8080\n10.0.0.9:60000\n");
      assertEquals(await texts(page, "#done"), ["Copied 3 lines"]);
      await assertCopied("link", `file://${folder}/export.html#search=10.0.0.9`);
      await page.evaluate(`document.getElementById("view-ports").click()`);
      const saved = async (id: string) => {
        await page.evaluate(`document.getElementById("${id}").click()`);
        const path = `${folder}/synscan-2026-11-21.${id}`;
        await until(() => Deno.statSync(path).size > 0);
        return await Deno.readTextFile(path);
      };
      const [names, first, , last] = (await saved("csv")).split("\n");
      assertEquals(names, "ip,port,proto,state,name,service,reason,from,ttl,rtt_ms,tries");
      assertEquals(first, `10.0.0.9,22,tcp,open,"${HOSTILE}",ssh,syn-ack,,64,5,1`);
      assertEquals(last, `10.0.0.9,60000,tcp,open,"${HOSTILE}","${HOSTILE}",syn-ack,,64,0.25,1`);
      const entries = JSON.parse(await saved("json"));
      assertEquals(entries.map(({ ip, port, name }: Record<string, unknown>) => [ip, port, name]), [
        ["10.0.0.9", 22, HOSTILE],
        ["10.0.0.9", 8080, HOSTILE],
        ["10.0.0.9", 60000, HOSTILE],
      ]);
      assertEquals(page.errors, []);
    });

    await t.step("a link leads to what was listed", async () => {
      await using page = await opened("link", report(small()));
      await page.evaluate(`document.getElementById("view-ports").click()`);
      await page.evaluate(`document.getElementById("all").click()`);
      await search(page, `10.0.0. "</script><img"`);
      await page.evaluate(`document.querySelector('#table button[data-sort="port"]').click()`);
      const shown = await texts(page, "#table tbody tr");
      assertEquals(shown.length, 4);
      const hash = await page.evaluate<string>("location.hash");
      await using other = await browser.newPage();
      await other.open(`${folder}/link.html${hash}`);
      assertEquals(await texts(other, "#table tbody tr"), shown);
      assertEquals(await other.evaluate("search.value"), `10.0.0. "</script><img"`);
      // By hand, in the same page; and one that makes no sense.
      await other.evaluate(`location.hash = "#search=mysql&view=nonsense&sort=nothing"`);
      await until(async () => (await other.evaluate<Shown>(SHOWN)).count === "1 to 25 of 28 hosts");
      assertEquals(other.errors, []);
    });

    await t.step("silent, unreachable and unprobed addresses are told apart", async () => {
      const timeless = { ttl: undefined, rttMs: undefined };
      const results = [
        open("10.0.0.9", 22, { rttMs: 0.2 }),
        result({ ip: "10.0.0.10", port: 22, state: "filtered", reason: "no-response", ...timeless }),
        result({ ip: "10.0.0.11", port: 22, state: "filtered", reason: "host-unreach", from: "10.0.0.2", rttMs: 3070 }),
        result({
          ip: "10.0.0.12",
          port: 22,
          state: "filtered",
          reason: "admin-prohibited",
          from: "10.0.0.1",
          rttMs: 1,
        }),
        result({ ip: "10.0.0.13", port: 22, rttMs: 0.2 }),
        result({ ip: "10.0.0.14", port: 22, state: "undecided", reason: "deadline", ...timeless }),
      ];
      const head: Partial<ScanHead> = { sources: ["10.0.0.2"], ranges: [[0x0a000009, 0x0a00000f]] };
      await using page = await opened("apart", report(results, { hosts: 7, hostsUp: 2 }, { head }));
      await page.evaluate(`document.getElementById("all").click()`);
      assertEquals(await texts(page, "#table .address"), [
        "Address",
        "10.0.0.9",
        "10.0.0.10no reply",
        "10.0.0.11unreachable",
        "10.0.0.12others replied",
        "10.0.0.13",
        "10.0.0.14not probed to the end",
      ]);
      assertEquals(
        (await texts(page, "#figures .note"))[0],
        "of 7 · 1 silent · 1 unreachable · 1 rejected · 1 undecided",
      );
      assertEquals(await search(page, "is:silent"), { count: "1 host", first: ["10.0.0.10"] });
      const told = await page.evaluate<string[]>(`(() => {
        const canvas = document.getElementById("map-canvas");
        const box = canvas.getBoundingClientRect();
        const found = new Map();
        for (let x = box.left; x < box.right; x += 4) {
          for (let y = box.top; y < box.bottom; y += 4) {
            canvas.dispatchEvent(new MouseEvent("mousemove", { clientX: x, clientY: y }));
            const [, ip, text] = /^(10\\.0\\.0\\.\\d+): (.*)$/.exec(document.getElementById("map-readout").textContent) ?? [];
            if (ip !== undefined) found.set(ip, text);
          }
        }
        return [8, 9, 10, 11, 12, 13, 14, 15, 16].map((host) => found.get("10.0.0." + host));
      })()`);
      assertEquals(told, [
        "not probed",
        "1 open port",
        "no reply",
        "unreachable",
        "others replied for it",
        "up, no port open",
        "not probed to the end",
        "no reply",
        "not probed",
      ]);
      const many = [4, 5, 6, 7].flatMap((net) =>
        Array.from({ length: 20 }, (_, at) =>
          result({
            ...{ ip: `10.0.${net}.${at}`, port: 22, ...timeless, tries: 2 },
            ...([
              { state: "filtered", reason: "no-response" },
              { state: "filtered", reason: "no-arp-response" },
              { state: "undecided", reason: "deadline" },
              { state: "filtered", reason: "host-unreach", from: "10.0.0.254" },
            ] as const)[net - 4]!,
          }))
      );
      await using crowd = await opened("crowd", report([open("10.0.0.9", 22), ...many], { hosts: 81, hostsUp: 1 }));
      assertEquals((await texts(crowd, "#figures .note"))[0], "of 81 · 20 silent · 40 unreachable · 20 undecided");
      // What the own kernel said after 3 s took no round trip.
      assertEquals(await texts(page, "#time-facts dd"), ["3", "218 µs", "1.10 ms", "1.12 ms"]);
      await search(page, "10.0.0.11");
      assert((await texts(page, "#table tbody tr"))[0]?.endsWith("–"));
    });

    await t.step("shows nothing of fields that were not asked for", async () => {
      await using page = await opened("fields", report(small(), {}, { fields: ["port", "from", "tries"] }));
      const hidden = ["by-port", "times"].map((id) => `document.getElementById("${id}").hidden`);
      assertEquals(await page.evaluate(`[${hidden}]`), [false, true]);
      assertEquals(await texts(page, "#table thead th"), ["Address", "Open ports", "Open", "Closed", "Filtered"]);
      await page.evaluate(`document.getElementById("view-ports").click()`);
      assertEquals(await texts(page, "#table thead th"), ["Address", "Port", "State", "Reason", "Tries"]);
      await page.evaluate(`document.getElementById("all").click()`);
      assertEquals((await search(page, "81")).count, "1 port");
      assertEquals(await texts(page, "#table tbody tr"), ["10.0.0.981filteredfrom 10.0.0.2541"]);
      isClean(page, "fields");
    });

    await t.step("several techniques have a column, which is searched and sorted", async () => {
      const silent = { state: "open|filtered", reason: "no-response", ttl: undefined, rttMs: undefined } as const;
      const results = [
        open("10.0.0.1", 22),
        open("10.0.0.1", 80),
        result({ ip: "10.0.0.1", port: 22, technique: "fin", service: "ssh", ...silent }),
        result({ ip: "10.0.0.1", port: 80, technique: "fin", state: "undecided", reason: "rst-always" }),
      ];
      await using page = await opened("techniques", report(results, {}, { head: { technique: "syn+fin" } }));
      await page.evaluate(`document.getElementById("view-ports").click()`);
      const cells = () => texts(page, "#table tbody td.technique");
      assertEquals((await texts(page, "#table thead th.technique")).length, 1);
      assertEquals(await cells(), ["syn", "syn"]);
      assertEquals((await search(page, "technique:fin")).count, "2 ports");
      assertEquals(await cells(), ["fin", "fin"]);
      assertEquals((await search(page, "technique:syn")).count, "2 ports");
      assertEquals((await search(page, "technique:fin state:undecided")).count, "1 port");
      assertEquals((await search(page, "ip:10.0.0.1 port:22 state:open|filtered")).count, "1 port");
      isClean(page, "techniques");
      await using one = await opened("technique", report([open("10.0.0.1", 22)]));
      await one.evaluate(`document.getElementById("view-ports").click()`);
      assertEquals(await texts(one, ".technique"), []);
    });

    await t.step("ports of UDP are not those of TCP with the same number", async () => {
      const udp = (ip: string, port: number, changes: Partial<PortResult> = {}) =>
        result({ ip, port, proto: "udp", technique: "udp", state: "open", reason: "udp-response", ...changes });
      const named = (product: string) => ({ finding: { service: "domain", confidence: 10, product } });
      const results = [
        open("10.0.0.1", 53, named("BIND")),
        udp("10.0.0.1", 53, named("dnsmasq")),
        open("10.0.0.1", 514, { service: "shell" }),
        udp("10.0.0.1", 514, { service: "syslog" }),
        udp("10.0.0.2", 514, { service: "syslog" }),
        udp("10.0.0.3", 53, { state: "closed", reason: "port-unreach" }),
      ];
      const head = {
        technique: "syn+udp",
        passes: passesNamed("syn+udp", (technique) => technique === "udp" ? "udp" : "tcp"),
      };
      const changes: ScanChanges = {
        ...{ scan: 7, startedAtMs: 0, compared: 6, opened: 2, closed: 0, otherwise: 0, up: [], down: [], more: 0 },
        ports: ["tcp", "udp"].map((proto) => ({
          ...{ ip: "10.0.0.1", port: 514, proto, before: "closed", after: "open", service: "shell" },
        })),
      };
      await using page = await opened("udp", report(results, {}, { head, changes }));
      assertEquals(await texts(page, "#changes .item b"), ["10.0.0.1:514", "10.0.0.1:514/udp"]);
      assertEquals(await texts(page, "#notable .card:not(.changes) .item b"), ["10.0.0.1:514"]);
      assertEquals(await texts(page, "#by-port .label"), ["514/udp syslog", "53", "514 shell", "53/udp"]);
      assertEquals(await search(page, "is:up"), { count: "3 hosts", first: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] });
      await page.evaluate(`document.getElementById("view-ports").click()`);
      assertEquals((await search(page, "port:514")).count, "3 ports");
      assertEquals(await search(page, "port:53,514/udp"), {
        count: "4 ports",
        first: ["10.0.0.1", "10.0.0.1", "10.0.0.1"],
      });
      assertEquals((await search(page, "service:syslog")).count, "2 ports");
      assertEquals((await search(page, "dnsmasq")).count, "1 port");
      await search(page, "ip:10.0.0.1");
      const rows = `[...document.querySelectorAll("#table tbody tr")].map((row) =>
        ["port", "service", "version"].map((name) => row.querySelector("td." + name).textContent).join(" ").trim())`;
      assertEquals(await page.evaluate(rows), [
        "53 domain BIND",
        "53/udp domain dnsmasq",
        "514 shell?",
        "514/udp syslog?",
      ]);
      await page.evaluate(`document.getElementById("copy").click()`);
      const copied = "10.0.0.1:53\n10.0.0.1:U:53\n10.0.0.1:514\n10.0.0.1:U:514\n";
      await until(async () => await page.evaluate<string>("navigator.clipboard.readText()") === copied);
      await page.evaluate(`document.querySelector("#notable .card:not(.changes) .item").click()`);
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 port");
      isClean(page, "udp");
    });

    await t.step("a scan that found nothing", async () => {
      await using page = await opened("nothing", report([], { open: 0, closed: 0, filtered: 256 }));
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "Nothing fits");
      assertEquals(await page.evaluate(`document.getElementById("map").hidden`), true);
      isClean(page, "nothing");
    });

    await t.step("the map's scale follows the spread of the hosts", async () => {
      const at = (count: number, address: (host: number) => string) =>
        Array.from({ length: count }, (_, host) => open(address(host), 80));
      const maps: readonly (readonly [about: string, results: readonly PortResult[]])[] = [
        ["1 /24 network; each cell is an address.", at(1, () => "192.0.2.255")],
        ["256 /24 networks; each cell is an address.", at(256, (host) => `10.0.${host}.7`)],
        ["2 /16 networks; each cell is a /24 network.", at(300, (host) => `10.${host >> 8}.${host & 255}.7`)],
        ["200 /8 networks; each cell is a /16 network.", at(600, (host) => `${1 + host % 200}.${host & 255}.0.1`)],
        ["1 /24 network; each cell is an address. 1 /64 prefix of IPv6; each cell is a host.", [
          open("192.0.2.1", 80),
          open("2001:db8::1", 80),
        ]],
      ];
      for (const [about, results] of maps) {
        await using page = await opened("spread", report(results));
        const text = (await texts(page, "#map-about"))[0] ?? "";
        assertEquals(text.replace(/ Arrow keys.*/, ""), about);
        const { right, height } = await page.evaluate<{ right: number; height: number }>(
          `(({ right, height }) => ({ right, height }))(document.getElementById("map-canvas").getBoundingClientRect())`,
        );
        assert(right <= 1280 && height > 20 && height < 900, `the map is ${height} high and ends at ${right}`);
      }
    });

    await t.step("hosts of IPv6 are shown by prefix, of which aliased ones are labelled", async () => {
      const results = [
        ...[1, 2, 3].flatMap((host) => [open(`2001:db8::${host}`, 22), open(`2001:db8::${host}`, 80)]),
        ...Array.from({ length: 300 }, (_, host) => open(`2001:db8:0:1::${(host + 1).toString(16)}`, 443)),
        result({ ip: "fe80::1%eth0", port: 22 }),
      ];
      const aliased = [{ prefix: "2001:db8:0:1::/64", hosts: 300, controls: 16, replied: 16 }];
      await using page = await opened("prefixes", report(results, { aliased }));
      assertEquals((await texts(page, "#map-about"))[0], "3 /64 prefixes of IPv6; each cell is a host. ");
      assertEquals(await texts(page, "#map-prefixes li"), [
        "2001:db8::/643 hosts up, 3 with open ports",
        "2001:db8:0:1::/64300 hosts up, 300 with open portsaliased+44",
        "fe80::/641 host up, 0 with open ports",
      ]);
      const cells = await page.evaluate(
        `[...document.querySelectorAll("#map-prefixes li")].map((row) => row.querySelectorAll(".swatch").length)`,
      );
      assertEquals(cells, [3, 256, 1]);
      assertEquals(
        await page.evaluate(`document.querySelector("#map-prefixes .swatch").title`),
        "2001:db8::1: 2 open ports",
      );
      await page.evaluate(`document.querySelector("#map-prefixes button").click()`);
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "3 hosts");
      isClean(page, "prefixes");
    });

    await t.step("prefixes that are too many are shown as wider ones", async () => {
      const results = Array.from(
        { length: 200 },
        (_, link) => open(`2001:db8:${link % 2}:${link.toString(16)}::1`, 80),
      );
      await using page = await opened("wider", report(results));
      assertEquals(await texts(page, "#map-prefixes button"), ["2001:db8::/48", "2001:db8:1::/48"]);
    });

    await t.step("10,000 hosts of 30 ports open, and are searched, in seconds", async () => {
      const results: PortResult[] = [];
      for (let host = 0; host < 10_000; host++) {
        for (let port = 1; port <= 30; port++) {
          results.push(
            open(`10.${host & 63}.${host >> 6}.7`, port * 100, { names: [`host-${host}.example`], rttMs: port }),
          );
        }
      }
      await Deno.writeTextFile(`${folder}/many.html`, report(results, { hosts: 10_000 }));
      await using page = await browser.newPage();
      await page.open(`${folder}/many.html`);
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
      const openMs = await page.workedMs();
      assertEquals((await page.evaluate<Shown>(SHOWN)).count, "1 to 25 of 10,000 hosts");
      // A second on two idle cores.
      assert(openMs < 10_000, `it took ${openMs.toFixed(0)} ms`);
      await page.evaluate(`document.getElementById("view-ports").click()`);
      assertEquals((await search(page, "2900 10.3.")).count, "1 to 25 of 157 ports");
      const searchMs = await page.workedMs() - openMs;
      assert(searchMs < 5_000, `searching 300,000 ports took ${searchMs.toFixed(0)} ms`);
      isClean(page, "many");
      console.log(`10,000 hosts of 30 ports opened in ${openMs.toFixed(0)} ms, searched in ${searchMs.toFixed(0)} ms`);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
