/**
 * All parsers, in the order in which they are tried: forms that only one protocol has come first.
 *
 * @module
 */

import { CALLS } from "./calls.ts";
import { CLUSTERS } from "./clusters.ts";
import { CONTROL } from "./control.ts";
import { DAEMONS } from "./daemons.ts";
import { FIREBIRD, GQTP, MONGO, MYSQL, POSTGRES } from "./databases.ts";
import { RDP, RFB, SPICE, X11 } from "./desktops.ts";
import { DICOM, OPC_UA, S7 } from "./devices.ts";
import { KERBEROS, LDAP } from "./directory.ts";
import { IMAP, IRC, NUMBERED, POP3, SIEVE } from "./greeting.ts";
import { FALLBACK } from "./fallback.ts";
import { HTTP } from "./http.ts";
import { HTTP2 } from "./http2.ts";
import { AMQP, MQTT } from "./messaging.ts";
import { BGP, DNS, SOCKS, STUN, TELNET } from "./network.ts";
import { MIDDLEWARE } from "./middleware.ts";
import type { Protocol } from "./protocol.ts";
import { GIOP, ONC_RPC, SMB } from "./rpc.ts";
import { CHARGEN, ECHO, TIME } from "./simple.ts";
import { SSH } from "./ssh.ts";
import { HEADED, TEXTS } from "./texts.ts";
import { TLS } from "./tls.ts";

/** The parsers, first match first. */
export const PROTOCOLS: readonly Protocol[] = [
  ECHO,
  CHARGEN,
  SSH,
  RFB,
  SPICE,
  ...CALLS,
  TEXTS,
  HTTP,
  HEADED,
  NUMBERED,
  POP3,
  IMAP,
  SIEVE,
  IRC,
  TLS,
  MYSQL,
  POSTGRES,
  MONGO,
  DNS,
  LDAP,
  KERBEROS,
  SMB,
  ONC_RPC,
  GIOP,
  X11,
  S7,
  RDP,
  MQTT,
  AMQP,
  BGP,
  OPC_UA,
  DICOM,
  HTTP2,
  STUN,
  SOCKS,
  TELNET,
  FIREBIRD,
  GQTP,
  ...CONTROL,
  ...MIDDLEWARE,
  ...DAEMONS,
  ...CLUSTERS,
  TIME,
  FALLBACK,
];
