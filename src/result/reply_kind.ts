/**
 * Kinds of reply: the code of the reason that a reply stands for (`REASONS`), or one of the codes below, of segments that stand
 * for none. Techniques name the kind, the engine decides by it; there is no other list.
 *
 * @module
 */

/** The code of a reason, or one of the codes that follow. */
export type ReplyKind = number;

/** A packet that is no reply to a probe. */
export const NOT_A_REPLY: ReplyKind = 255;
/**
 * A segment that acknowledges a probe with FIN and without SYN, as a proxy sends it that could not connect. It decides nothing: a
 * TCP that has sent a SYN drops it (RFC 9293 section 3.10.7.3).
 */
export const FIN_ACK: ReplyKind = 254;
/** A segment with ACK and no other flag that matters, of a connection that is not the probe's. */
export const BARE_ACK: ReplyKind = 253;

/** The strength of a reply that carries the probe's token: nothing but the probe's path can have sent it. */
export const BY_TOKEN = 2;
/** The strength of a reply without a token that counts for the probe in flight to its host: of senders on the own link. */
export const BY_HOST = 1;
/** The strength of a reply without a token that anybody can have sent: it counts once the ports of two attempts got one. */
export const UNPROVEN = 0;
