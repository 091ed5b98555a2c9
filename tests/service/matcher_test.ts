/** Findings from exchanges: which service, which product, what to send next. */
import { assert, assertEquals } from "@std/assert";
import { hex } from "../../src/service/bytes.ts";
import type { Exchange } from "../../src/service/exchange.ts";
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

const BASE_HTTP = "Server: BaseHTTP/0.6 Python/3.11.2\r\n\r\n";

Deno.test("matcher: a framework that refuses OPTIONS is not named in the place of its application, whose page is next", () => {
  const refusal = exchange("rtsp", `HTTP/1.1 501 Unsupported method ('OPTIONS')\r\n${BASE_HTTP}`, "fin");
  const silent = exchange("http", "", "open", 1);
  const first = identify([silent, refusal], 8000);
  assertEquals([first.finding?.service, first.finding?.product, first.finding?.confidence], ["http", undefined, 8]);
  assertEquals([first.finding?.info, first.isFinal, first.next[0]], [undefined, false, "http11"]);
  const page = exchange("http11", `HTTP/1.1 200 Script output follows\r\n${BASE_HTTP}`, "fin", 2);
  assertEquals(identify([silent, refusal, page], 8000).finding?.product, "Mercurial hg serve");
  // Without a reply to GET nothing names the application.
  const without = identify([silent, refusal, exchange("http11", "", "open", 2)], 8000);
  assertEquals([without.finding?.product, without.isFinal], [undefined, true]);
});

Deno.test("matcher: a framework is named by a page, and then by its refusals, too", () => {
  const page = exchange("http", `HTTP/1.1 501 Unsupported method ('GET')\r\n${BASE_HTTP}`, "fin");
  assertEquals(identify([page], 8000).finding?.product, "BaseHTTPServer");
  const nameless = exchange("http", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "fin");
  const refusal = exchange("help", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "fin", 1);
  assertEquals(identify([nameless, refusal], 8000).finding?.product, "Node.js");
  assertEquals(identify([refusal], 8000).finding?.product, undefined);
  const named = exchange("rtsp", "HTTP/1.1 405 Method Not Allowed\r\nServer: nginx/1.22.1\r\n\r\n", "fin");
  assertEquals(identify([named], 8000).finding?.product, "nginx", "a server, and no framework");
});

Deno.test("matcher: a text reply is one inside TLS as well", () => {
  const inside = { ...exchange("http", "what?\r\n"), tunnel: "ssl" as const };
  assertEquals(identify([inside], 4444).isTextual, true);
  assertEquals(identify([{ ...inside, reply: hex("00010203") }], 4444).isTextual, false);
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
  const subject = "O=Syncthing,OU=Automatically Generated,CN=syncthing";
  const other = identify([{ ...inside, tls: { version: "TLSv1.3", subject } }], 22_000).finding;
  assertEquals([other?.service, other?.product, other?.row], ["syncthing", "Syncthing", "tls-syncthing"]);
  const plain = { ...inside, tls: { version: "TLSv1.3", subject: "CN=a.test" } };
  assertEquals(identify([plain], 1234).finding?.service, "ssl");
});

Deno.test("matcher: a server that no row knows is named by its own words, where their syntax is clear", () => {
  const http = (server: string) => exchange("http", `HTTP/1.1 200 OK\r\nServer: ${server}\r\n\r\n`, "fin");
  const cases: readonly [Exchange, string | undefined, string?][] = [
    [exchange("null", "SSH-2.0-FooSSH_1.2.3\r\n"), "FooSSH", "1.2.3"],
    [exchange("null", "SSH-2.0-OpenSSH_6.1_hpn13v11 FreeBSD-20120901\r\n"), "OpenSSH", "6.1"],
    [exchange("null", "SSH-2.0-1.36_sshlib Foo\r\n"), undefined],
    [http("Foo-Server/1.2 (Linux) mod_x/3"), "Foo-Server", "1.2"],
    [http("Linux/5.4, UPnP/1.0, Foo devices/2.1"), "Foo devices", "2.1"],
    [http("Linux UPnP/1.0 Foo/2.1"), "Foo", "2.1"],
    [http("Jetty(9.4.1)"), "Jetty", "9.4.1"],
    [http("Stronghold/3.0 Apache/1.3.19 RedHat/3014c"), "Apache httpd", "1.3.19"],
    [http("Apache Tomcat/4.0.6 (HTTP/1.1 Connector)"), "Apache Tomcat", "4.0.6"],
    [http("PHP/5.1.2"), undefined],
    [http("httpd"), undefined],
    [http("Servlet 2.4; Foo-4.0/Bar-5.5"), undefined],
    [exchange("null", "220 mx.foo.test ESMTP FooMail 4.91 Thu, 29 Apr 2021 05:41:36 +400\r\n"), "FooMail", "4.91"],
    [exchange("null", "220 mx.foo.test ESMTP Service ready\r\n"), undefined],
    [exchange("null", "220 ftp.foo.test ESMTP Exim 4.9\r\n"), "Exim", "4.9"],
    [exchange("null", "220 FooFTPD 1.2 ready\r\n"), "FooFTPD", "1.2"],
    [exchange("null", "220 foo FTP server (SunOS 5.8) ready.\r\n"), undefined],
    [exchange("null", "220 ---fooFTPd 1.0---barFTPd 1.65---\r\n"), undefined],
  ];
  for (const [one, product, version] of cases) {
    const { finding } = identify([one], 4444);
    const text = String.fromCharCode(...one.reply);
    assertEquals([finding?.product, finding?.version], [product, version], text);
    if (product !== undefined) assertEquals(finding?.confidence, product === "Exim" ? 10 : 8, text);
  }
});

Deno.test("matcher: a MySQL server is named by the words of its version", () => {
  const handshake = (version: string) => {
    const body = `\x0a${version}\0\x2a\0\0\0abcdefgh\0\xff\xf7\x08\x02\0\x0f\x80\x15${"\0".repeat(10)}ijklmnopqrst\0`;
    return exchange("null", `${String.fromCharCode(body.length)}\0\0\0${body}`);
  };
  const cases: readonly [string, string | undefined, string?][] = [
    ["8.0.36", "MySQL", "8.0.36"],
    ["8.0.36-0ubuntu0.22.04.1", "MySQL", "8.0.36"],
    ["5.7.44-log", "MySQL", "5.7.44"],
    ["5.5.5-10.6.12-MariaDB-1:10.6.12+maria~ubu2004", "MariaDB", "10.6.12"],
    ["5.7.25-TiDB-v6.5.0", undefined],
    ["5.6.20-68.0-56", undefined],
  ];
  for (const [text, product, version] of cases) {
    const { finding } = identify([handshake(text)], 3306);
    assertEquals([finding?.service, finding?.product, finding?.version], ["mysql", product, version], text);
  }
});

Deno.test("matcher: a greeting that names no protocol is that of the protocol that the reply to HELP shows", () => {
  const greeting = exchange("null", "220 Foozilla Server version 0.9.2 ready\r\n");
  assertEquals(identify([greeting], 4444).finding?.service, "unknown");
  const help = exchange("help-numbered", "214-The following commands are recognized.\r\n214 USER PASS CWD RETR\r\n");
  const { finding } = identify([greeting, help], 4444);
  assertEquals([finding?.service, finding?.product, finding?.version], ["ftp", "Foozilla", "0.9.2"]);
});

Deno.test("matcher: Puma and unicorn are told by what they refuse, a bare refusal of anything else names no server", () => {
  const bare = exchange("help", "HTTP/1.1 400 Bad Request\r\n\r\n", "fin");
  assertEquals(identify([bare], 8080).reading?.follow?.name, "http-coding");
  const refusal = "HTTP/1.1 501 Not Implemented\r\n\r\n";
  assertEquals(identify([bare, exchange("http-coding", refusal, "fin")], 8080).finding?.product, "Puma");
  assertEquals(identify([bare, exchange("rtsp", refusal, "fin")], 8080).finding?.product, undefined);
  const coding = [bare, exchange("http-coding", "HTTP/1.1 200 OK\r\n\r\nok", "fin")];
  assertEquals(identify(coding, 8080).reading?.follow?.name, "http-fragment");
  const long = "HTTP/1.1 414 URI Too Long\r\n\r\n";
  assertEquals(identify([...coding, exchange("http-fragment", long, "fin")], 8080).finding?.product, "unicorn");
  assertEquals(identify([...coding, exchange("sip", long, "fin")], 8080).finding?.product, undefined);
});

Deno.test("matcher: a debugger's stub that refuses the rest of an older packet is asked again", () => {
  const refused = identify([exchange("gdb-remote", "-")], 1234);
  assertEquals([refused.finding?.confidence, refused.reading?.follow?.name], [5, "gdb-remote-again"]);
  assertEquals(identify([exchange("http", "-")], 1234).finding?.service, "unknown");
});

Deno.test("matcher: random bytes of a given length are a service only behind its probe, and never for sure", () => {
  const bytes = Uint8Array.from({ length: 96 }, (_, i) => (i * 151 + 89) & 0xff);
  const { finding } = identify([exchange("bittorrent", bytes)], 6881);
  assertEquals([finding?.service, finding?.confidence], ["bittorrent", 5]);
  assertEquals(identify([exchange("xmpp", bytes)], 6881).finding?.service, "unknown");
  assertEquals(identify([exchange("bittorrent", bytes.map(() => 7))], 6881).finding?.service, "unknown");
});
