/**
 * Message queues: MQTT 3.1.1 and AMQP 0-9-1.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const CONNACK = 0x20;
const REASONS = ["", "protocol refused", "client id refused", "server unavailable", "bad login", "not authorized"];
/** The topic in which some servers publish their version, and one in which Aedes publishes each subscription, this one included. */
const TOPICS = ["$SYS/broker/version", "$SYS/+/new/subscribes"];
const SUBSCRIBE = subscribe(TOPICS);

/** Returns a SUBSCRIBE (MQTT 3.1.1, 3.8) with number 1 to topics at QoS 0, of 127 bytes at most. */
function subscribe(topics: readonly string[]): Uint8Array {
  const filters = topics.map((topic) => join(bigEndian(topic.length, 2), bytesOf(topic), hex("00")));
  const body = join(hex("0001"), ...filters);
  return join(Uint8Array.of(0x82, body.length), body);
}

function mqtt({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "mqtt-version") {
    const text = latin1(reply, 0, 512);
    const version = /\$SYS\/broker\/version([\x20-\x7e]{1,100})/.exec(text)?.[1];
    const subscription = /\$SYS\/[\w-]{1,64}\/new\/subscribes([\x20-\x7e]{1,100})/.exec(text)?.[1];
    if (version === undefined && reply[0] !== 0x90) return undefined;
    return {
      service: "mqtt",
      // Messages follow the acknowledgement.
      isComplete: version !== undefined || subscription !== undefined,
      fields: {
        ...(version ? { "mqtt.version": version } : {}),
        ...(subscription ? { "mqtt.subscription": subscription } : {}),
      },
      facts: {},
    };
  }
  if (reply.length < 4 || reply[0] !== CONNACK || reply[1] !== 2 || reply[2]! > 1 || reply[3]! > 5) return undefined;
  const reason = REASONS[reply[3]!];
  return {
    ...completeReading("mqtt", { "mqtt.connack": String(reply[3]) }, reason),
    ...(reply[3] === 0 && probe === "mqtt"
      ? { follow: { name: "mqtt-version", bytes: SUBSCRIBE, sameConnection: true } }
      : {}),
    quit: hex("e000"),
  };
}

function amqp({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 4096);
  if (text.startsWith("AMQP") && reply.length >= 8 && reply.subarray(4, 8).every((byte) => byte < 10)) {
    const version = [...reply.subarray(5, 8)].join("-");
    return completeReading("amqp", { "amqp.header": version }, `AMQP ${version}`);
  }
  const reader = new Reader(reply);
  if (reader.u8() !== 1 || reader.u16() !== 0) return undefined;
  const length = reader.u32();
  if (reader.u16() !== 10 || reader.u16() !== 10 || length > 16_384) return undefined;
  const property = (name: string): string => {
    const at = text.indexOf(`${String.fromCharCode(name.length)}${name}S`);
    if (at < 0) return "";
    const value = new Reader(reply, at + name.length + 2);
    return value.text(Math.min(value.u32(), 100));
  };
  const product = property("product");
  return completeReading("amqp", product ? { "amqp.product": `${product} ${property("version")}`.trim() } : {});
}

/** MQTT. */
export const MQTT: Protocol = { name: "mqtt", parse: mqtt };
/** AMQP. */
export const AMQP: Protocol = { name: "amqp", parse: amqp };
