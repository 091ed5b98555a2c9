import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { parseFilter } from "../../src/report/filter.ts";
import { result } from "../cli/fake.ts";

const RESULTS = {
  ssh: result({ port: 22, state: "open", reason: "syn-ack", service: "ssh", names: ["a.example"] }),
  high: result({ ip: "10.0.0.2", port: 8080, state: "open", reason: "syn-ack", service: "http-alt", rttMs: 12.5 }),
  closed: result({ port: 80, service: "http" }),
  silent: result({ port: 25, state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, late: false }),
  late: result({ port: 26, state: "open", reason: "syn-ack", late: true, replaces: "no-response" }),
};

const PASSING: readonly (readonly [string, string])[] = [
  ["state=open", "ssh high late"],
  ["state = open and port<1024", "ssh late"],
  ["state=open and port<1024 and late=false", "ssh"],
  ["port>=80", "high closed"],
  ["port <= 25", "ssh silent"],
  ["port>80", "high"],
  ["port!=22", "high closed silent late"],
  ["rtt_ms>1", "high"],
  ["rtt_ms<1", "ssh closed late"],
  ["ttl=64", "ssh high closed late"],
  ["ttl!=64", "silent"],
  ["service~HTTP", "high closed"],
  ["service='http-alt'", "high"],
  ['service="ssh" or service=http', "ssh closed"],
  ["not state=open", "closed silent"],
  ["not (state=open or state=closed)", "silent"],
  ["state=closed or state=open and port<100", "ssh closed late"],
  ["(state=closed or state=open) and port<50", "ssh late"],
  ["late=true", "late"],
  ["name~example", "ssh"],
  ["ip=10.0.0.2", "high"],
  ["reason=no-response", "silent"],
  ["reason~ack", "ssh high late"],
  ["state=open AND NOT port=22", "high late"],
  ["STATE=open and Port!=22", "high late"],
];

for (const [text, names] of PASSING) {
  Deno.test(`filter: ${text}`, () => {
    const filter = parseFilter(text);
    assertEquals(Object.entries(RESULTS).filter(([, each]) => filter(each)).map(([name]) => name).join(" "), names);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["", "at column 1 it ends. Write a field: ip, port,"],
  ["state", "at column 6 it ends. Write one of = != < <= > >= ~"],
  ["state=", "at column 7 it ends. Write a value"],
  ["  colour=red", 'at column 3 there is "colour". Write a field'],
  [
    "state=opne",
    'at column 7 there is "opne". Write a state: open, closed, filtered, unfiltered, open|filtered, closed|filtered, undecided',
  ],
  ["reason=none", "Write a reason: syn-ack,"],
  ["port=http", 'at column 6 there is "http". Write a number: port is one'],
  ["port~8", "Write another sign: port is no text"],
  ["state<open", "Write =, != or ~: state is no number"],
  ["late=maybe", "Write true or false"],
  ["state=open port=22", 'at column 12 there is "port". Write and, or, or the end'],
  ["(state=open", "at column 12 it ends. Write and, or, or )"],
  ["state=open)", 'at column 11 there is ")". Write and, or, or the end'],
  ["state=open and", "at column 15 it ends. Write a field"],
  ["service='ssh", "Write a closing quote"],
  ["port!22", "Write !="],
  ["prot=tcp", "Write a field, such as port"],
  ["port==22", 'at column 6 there is "=". Write a value'],
];

for (const [text, message] of REFUSED) {
  Deno.test(`filter: refuses ${text}`, () => {
    assertThrows(() => parseFilter(text), UsageError, message);
  });
}
