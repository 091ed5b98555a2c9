/** Findings from exchanges: which service, which product, what to send next. */
import { assert, assertEquals } from "@std/assert";
import { hex } from "../../src/service/bytes.ts";
import { identify } from "../../src/service/matcher.ts";
import { exchange } from "./exchanges.ts";

const OPENSSH = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n";
const NGINX = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n";

Deno.test("matcher: product and version of a greeting come from one row", () => {
  const { finding, isFinal, isTextual } = identify([exchange("null", OPENSSH)], 22);
  assertEquals(finding?.service, "ssh");
  assertEquals([finding?.product, finding?.version, finding?.row], ["OpenSSH", "9.2p1", "ssh-openssh"]);
  assertEquals(finding?.cpe?.[0], "cpe:/a:openbsd:openssh:9.2:p1");
  assertEquals([finding?.confidence, isFinal, isTextual], [10, false, true]);
  assertEquals(identify([exchange("null", OPENSSH), exchange("ssh-kex", "")], 22).isFinal, true);
  assertEquals(finding?.banner, OPENSSH.trim());
});

Deno.test("matcher: a reply that no protocol reads is unknown, with its text", () => {
  const { finding, isFinal, reading } = identify([exchange("null", "hello there\r\n")], 4444);
  assertEquals(finding, { service: "unknown", confidence: 0, banner: "hello there" });
  assertEquals([isFinal, reading], [false, undefined]);
});

Deno.test("matcher: without any reply there is no finding, and the port's own probe comes first", () => {
  const { finding, next } = identify([exchange("null", ""), exchange("http", "", "fin", 1)], 4369);
  assertEquals([finding, next[0]], [undefined, "epmd"]);
});

Deno.test("matcher: an HTTP server that wants TLS is not final, and TLS is next", () => {
  const body = "<center>The plain HTTP request was sent to HTTPS port</center>";
  const plain = exchange("http", `HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n\r\n${body}`, "fin");
  const { isFinal, next } = identify([plain], 4433);
  assertEquals([isFinal, next[0]], [false, "tls"]);
});

Deno.test("matcher: a finding inside TLS goes before one outside", () => {
  const plain = exchange("http", "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n\r\n", "fin");
  const inside = {
    ...exchange("http", NGINX, "fin", 1),
    tunnel: "ssl" as const,
    tls: { version: "TLSv1.3", subject: "CN=a" },
  };
  const { finding } = identify([plain, inside], 443);
  assertEquals([finding?.tunnel, finding?.tls?.version, finding?.version], ["ssl", "TLSv1.3", "1.22.1"]);
});

Deno.test("matcher: a request that would say more is offered once", () => {
  const error = exchange("http", "ERR UNKNOWN-COMMAND\n");
  const first = identify([error], 9999);
  assertEquals([first.finding?.service, first.isFinal, first.reading?.follow?.name], ["nut", false, "nut"]);
  const second = identify([error, exchange("nut", "ERR UNKNOWN-COMMAND\n")], 9999);
  assertEquals([second.reading?.follow, second.isFinal], [undefined, true]);
});

Deno.test("matcher: an HTTP/1.0 request refused without a Server header is followed by HTTP/1.1", () => {
  const { next } = identify([exchange("http", "HTTP/1.0 400 Bad Request\r\nUpgrade: TLS/1.2\r\n\r\n", "fin")], 631);
  assertEquals(next[0], "http11");
});

Deno.test("matcher: a damaged reply is read as far as it goes", () => {
  const dns = hex("0020 7353 8005 0001 0000 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003");
  assertEquals(identify([exchange("dns", dns)], 53).finding?.service, "domain");
  for (let length = 0; length < dns.length; length++) {
    const { finding } = identify([exchange("dns", dns.subarray(0, length))], 53);
    assert(finding === undefined || ["domain", "unknown"].includes(finding.service));
  }
});

Deno.test("matcher: the certificate of a server that is silent inside TLS shows its service", () => {
  const inside = {
    ...exchange("null", ""),
    tunnel: "ssl" as const,
    tls: { version: "TLSv1.3", subject: "CN=Deluge Daemon" },
  };
  const { finding } = identify([inside], 58_846);
  assertEquals([finding?.service, finding?.product, finding?.tunnel], ["deluge", "Deluge", "ssl"]);
  const plain = { ...inside, tls: { version: "TLSv1.3", subject: "CN=a.test" } };
  assertEquals(identify([plain], 1234).finding?.service, "ssl");
});
