/**
 * The findings of service detection, read back from files of results.
 *
 * @module
 */
import { type Finding, isFinding } from "../result/finding.ts";

/** The fields of a JSON line, or the attributes of an element. */
type ReadFields = Readonly<Record<string, unknown>>;

/**
 * Reads what service detection found from the fields of a line of JSON.
 *
 * @returns undefined if service detection had nothing to do with it, or the fields are not of their types.
 */
export function findingInJson(fields: ReadFields): Finding | undefined {
  const { service_by: by, service, conf, ssh_keys: keys } = fields;
  if (by !== "probed" && by !== "table") return undefined;
  const name = (from: string) => fields[from];
  return checked({
    service: by === "probed" ? service : "unknown",
    confidence: by === "probed" ? conf : 0,
    product: name("product"),
    version: name("version"),
    info: name("info"),
    hostname: name("service_hostname"),
    os: name("service_os"),
    device: name("device"),
    cpe: name("cpe"),
    tunnel: name("tunnel"),
    tls: filled({
      version: name("tls_version"),
      cipher: name("tls_cipher"),
      subject: name("tls_subject"),
      names: name("tls_names"),
      issuer: name("tls_issuer"),
      expires: name("tls_expires"),
      sha256: name("tls_sha256"),
      hello: name("tls_hello"),
      alpn: name("alpn"),
    }),
    http: filled({
      status: name("http_status"),
      server: name("http_server"),
      title: name("http_title"),
      location: name("http_location"),
    }),
    sshKeys: Array.isArray(keys) ? keys.map(readKey) : undefined,
    banner: name("banner"),
    row: name("why"),
    label: name("service_label"),
  });
}

/** Reads it from the attributes of a `service` element of nmap's XML; undefined if its port was not probed for it. */
export function findingInXml(of: (attribute: string) => string): Finding | undefined {
  if (of("method") !== "probed") return undefined;
  const text = (name: string) => of(name) || undefined;
  return checked({
    ...{ service: of("name"), confidence: Number(of("conf")), product: text("product"), version: text("version") },
    ...{ info: text("extrainfo"), hostname: text("hostname"), os: text("ostype"), device: text("devicetype") },
    tunnel: text("tunnel"),
  });
}

function readKey(text: unknown): unknown {
  const [type, bits, fingerprint] = String(text).split(" ");
  return { type, fingerprint, ...(bits === "?" ? {} : { bits: Number(bits) }) };
}

/** Returns an object without members that are missing; undefined if none is left. */
function filled(members: ReadFields): ReadFields | undefined {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function checked(members: ReadFields): Finding | undefined {
  const finding = filled(members);
  return isFinding(finding) ? finding : undefined;
}
