// Made by `make sdk-bindings` from wit/.
declare module 'prosody:policy/archive-policy@0.1.5' {
  /**
   * How many hours what is kept on this host may be kept; no limit of its own when absent. Asked once, after
   * `lifecycle.configure`. Of several policies the shortest wins. 1 to 87,600.
   */
  export function retention(): number | undefined;
  /**
   * What is to be kept of the current stanza. A trap, a time-out or a reply out of bounds is judged by the operator's
   * `on_error`: nothing is kept, or all that the server would keep.
   */
  export function decide(keeping: Keeping): Ruling;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  export type Bounce = import('prosody:policy/types@0.1.5').Bounce;
  /**
   * Where a message is to be kept.
   * # Variants
   * 
   * ## `"archive"`
   * 
   * The archive of a user (XEP-0313): of the sender if the passage is outgoing, else of the recipient.
   * ## `"room"`
   * 
   * The history of a room and its archive (XEP-0045 §7.2.14, XEP-0313).
   * ## `"offline"`
   * 
   * The messages of a user who is offline, until he comes online (XEP-0160).
   */
  export type Place = 'archive' | 'room' | 'offline';
  /**
   * A message that is to be kept.
   */
  export interface Keeping {
    /**
     * Where.
     */
    place: Place,
    /**
     * Its road.
     */
    passage: Passage,
    /**
     * Has somebody asked for it? In an archive the user by the preferences for this conversation (XEP-0441), or,
     * if he has none, the operator by `default_archive_policy`; false when neither said anything. In other places
     * always true.
     */
    isWanted: boolean,
  }
  /**
   * What is to be kept. Of several policies the strictest verdict wins: the last of this list that one of them gives.
   */
  export type Verdict = VerdictKeep | VerdictMemory | VerdictSkip | VerdictRefuse;
  /**
   * Keep it if the server would, with the edits that were asked for.
   */
  export interface VerdictKeep {
    tag: 'keep',
  }
  /**
   * Keep it in memory only, for somebody who is offline; it is gone after a restart. In other places: do not keep it.
   */
  export interface VerdictMemory {
    tag: 'memory',
  }
  /**
   * Do not keep it, and tell nobody.
   */
  export interface VerdictSkip {
    tag: 'skip',
  }
  /**
   * Do not keep it, and tell the sender that it was not delivered, if he wrote to somebody who is offline. In other
   * places, and for errors and what comes from a room, as `skip`.
   */
  export interface VerdictRefuse {
    tag: 'refuse',
    val: Bounce,
  }
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * What is to be kept.
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/blocklist-policy@0.1.5' {
  /**
   * May the list be changed?
   */
  export function permit(change: Change): Ruling;
  export type Bounce = import('prosody:policy/types@0.1.5').Bounce;
  /**
   * A user's wish to block or unblock. It is the current stanza, with the addresses as the server will keep them, and with
   * reports (XEP-0377) if there are any.
   */
  export interface Change {
    /**
     * The user, without resource.
     */
    user: string,
    /**
     * Does he block, or unblock?
     */
    isBlocking: boolean,
    /**
     * How many addresses the request names. To unblock none means all.
     */
    count: number,
    /**
     * How many he has blocked already.
     */
    blocked: number,
  }
  /**
   * May the list be changed?
   */
  export type Verdict = VerdictAllow | VerdictRefuse;
  /**
   * It may.
   */
  export interface VerdictAllow {
    tag: 'allow',
  }
  /**
   * It may not; the client is told this.
   */
  export interface VerdictRefuse {
    tag: 'refuse',
    val: Bounce,
  }
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * May the list be changed?
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/blocklist@0.1.5' {
  /**
   * Has the local recipient blocked who is behind the current stanza: its sender, whoever sends a private message by the
   * name that he has in a room, or whose invitation a room passes on?
   */
  export function isBlocked(): boolean;
}
declare module 'prosody:policy/carbons-policy@0.1.5' {
  /**
   * Who gets a copy of the current stanza: of what the user sent if the passage is outgoing, else of what he gets.
   */
  export function decide(passage: Passage): Ruling;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  /**
   * Who gets a copy. Of several policies the strictest verdict wins: the last of this list that one of them gives.
   * # Variants
   * 
   * ## `"copy"`
   * 
   * All devices that the server would send one.
   * ## `"copy-to-encrypting"`
   * 
   * Of these, only devices that publish OMEMO keys (XEP-0384).
   * ## `"skip"`
   * 
   * Nobody.
   */
  export type Verdict = 'copy' | 'copy-to-encrypting' | 'skip';
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * Who gets a copy.
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`. As in Prosody, `private` also takes the element of that name out of the message
     * that is delivered (XEP-0280 §11).
     */
    reason: string,
  }
}
declare module 'prosody:policy/clock@0.1.5' {
  /**
   * Seconds since 1970-01-01 UTC. The same during one call.
   */
  export function now(): number;
}
declare module 'prosody:policy/content@0.1.5' {
  /**
   * The first child element of `node` with this name and namespace.
   */
  export function child(node: number, name: string, namespace: string): number | undefined;
  /**
   * An attribute of an element. The name of a namespaced attribute is its namespace, the character U+0001 and its
   * local name, as in Prosody.
   */
  export function attribute(node: number, name: string): string | undefined;
  /**
   * The text directly inside an element, joined, without that of its children; or a text node itself.
   */
  export function text(node: number): string;
  /**
   * The whole stanza in one call, in the format of `wit/README.md`; the SDKs read it.
   */
  export function snapshot(): Uint8Array;
  /**
   * The whole stanza as XML text, for languages without an SDK; about three times the price of `snapshot`.
   */
  export function xml(): string;
}
declare module 'prosody:policy/delivery-policy@0.1.5' {
  /**
   * When the current stanza is delivered.
   */
  export function decide(delivery: Delivery): Ruling;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  /**
   * A stanza for an inactive client.
   */
  export interface Delivery {
    /**
     * Its road; it is incoming.
     */
    passage: Passage,
    /**
     * What the user is called in the room from which it comes, if he has entered it with this client.
     */
    nickname?: string,
  }
  /**
   * When it is delivered. Of several policies the strictest verdict wins: the last of this list that one of them gives.
   */
  export type Verdict = VerdictDeliver | VerdictHold | VerdictReplaceOlder | VerdictDiscard;
  /**
   * At once, after everything that is held.
   */
  export interface VerdictDeliver {
    tag: 'deliver',
  }
  /**
   * With the next stanza that is delivered at once, or when the client is active.
   */
  export interface VerdictHold {
    tag: 'hold',
  }
  /**
   * As `hold`, in the place of an older one that is held for this client under the same key, of at most 4,096 bytes.
   * The older one is never delivered.
   */
  export interface VerdictReplaceOlder {
    tag: 'replace-older',
    val: string,
  }
  /**
   * Never.
   */
  export interface VerdictDiscard {
    tag: 'discard',
  }
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * When it is delivered.
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/edits@0.1.5' {
  /**
   * Removes a node with everything inside.
   */
  export function remove(node: number): void;
  /**
   * Replaces everything inside an element by this text.
   */
  export function setText(node: number, text: string): void;
  /**
   * Sets an attribute of an element.
   */
  export function setAttribute(node: number, name: string, value: string): void;
  /**
   * Removes an attribute of an element, if it is there.
   */
  export function removeAttribute(node: number, name: string): void;
  /**
   * Appends an element inside another.
   */
  export function append(parent: number, element: Element): void;
  /**
   * An element to append.
   */
  export interface Element {
    /**
     * Its name: an XML NCName, without prefix.
     */
    name: string,
    /**
     * Its namespace; its parent's when empty.
     */
    namespace: string,
    /**
     * Attributes, by name.
     */
    attributes: Array<[string, string]>,
    /**
     * The text inside; none when empty.
     */
    text: string,
  }
}
declare module 'prosody:policy/envelope@0.1.5' {
  /**
   * An attribute of the stanza itself: `to`, `from`, `type`, `id`, `xml:lang`, …
   */
  export function attribute(name: string): string | undefined;
  /**
   * The direct child elements, in document order.
   */
  export function payloads(): Array<Payload>;
  /**
   * A direct child of the stanza.
   */
  export interface Payload {
    /**
     * Its node number.
     */
    node: number,
    /**
     * Its name, without prefix.
     */
    name: string,
    /**
     * Its effective namespace.
     */
    namespace: string,
  }
}
declare module 'prosody:policy/exemptions@0.1.5' {
  /**
   * Stanzas about which `message-policy` would say `pass` whenever it is asked about them as incoming, without an edit or an
   * effect, and without remembering anything of them. Asked once, after `lifecycle.configure`. At most 16.
   */
  export function exempt(): Array<Exemption>;
  export type StanzaKind = import('prosody:policy/types@0.1.5').StanzaKind;
  /**
   * What the server sees of a stanza on its way in.
   */
  export interface Circumstances {
    /**
     * It is for the full address of a client of this server that is connected.
     */
    toClient?: boolean,
    /**
     * The recipient has the sender in his roster, with a subscription `to` or `both`, or they are the same user.
     */
    fromContact?: boolean,
  }
  /**
   * Stanzas of one kind, under circumstances that all have to be there.
   */
  export interface Exemption {
    /**
     * Messages, presence or IQs.
     */
    kind: StanzaKind,
    /**
     * At least one.
     */
    circumstances: Circumstances,
  }
}
declare module 'prosody:policy/holding@0.1.5' {
  /**
   * Keeps the current message under a key of 1 to 256 bytes, if `decide` returns `drop`.
   */
  export function hold(key: string): void;
  /**
   * What waits under this key goes on, in its order, as if it had just come: it is decided about anew. Done after `decide`
   * returned.
   */
  export function release(key: string): void;
  /**
   * What waits under this key is forgotten.
   */
  export function discard(key: string): void;
}
declare module 'prosody:policy/keys-policy@0.1.5' {
  /**
   * May they be read?
   */
  export function read(reading: Reading): Ruling;
  /**
   * A request for keys. It is the current stanza.
   */
  export interface Reading {
    /**
     * Whose keys, without resource: a user of this host.
     */
    owner: string,
    /**
     * Who asks, without resource.
     */
    reader: string,
    /**
     * Are they both in a room, or members of one, as far as this server knows?
     */
    isSharingRoom: boolean,
  }
  /**
   * May they be read? Of several policies the strictest verdict wins: the last of this list that one of them gives.
   * # Variants
   * 
   * ## `"open"`
   * 
   * They may.
   * ## `"as-configured"`
   * 
   * As the user says by the access model.
   * ## `"refuse"`
   * 
   * They may not; the reader is told that there are none.
   */
  export type Verdict = 'open' | 'as-configured' | 'refuse';
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * May they be read?
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/lifecycle@0.1.5' {
  /**
   * Called once, before anything else, with the operator's settings as a JSON object (`{}` when there
   * are none; at most 256 KiB). An error refuses the policy; its text is shown to the operator.
   */
  export function configure(settings: string): void;
}
declare module 'prosody:policy/log@0.1.5' {
  /**
   * Writes one line of at most 1,024 bytes; control characters are escaped. At most 16 lines a call.
   * A line that repeats text of the current stanza is withheld, and one with an `@` goes to `debug`.
   */
  export function write(level: Level, line: string): void;
  /**
   * How important a line is, in Prosody's words.
   * # Variants
   * 
   * ## `"debug"`
   * 
   * For whoever debugs the policy.
   * ## `"info"`
   * 
   * Normal and rare.
   * ## `"warn"`
   * 
   * Something the operator should look at.
   * ## `"error"`
   * 
   * Something that does not work.
   */
  export type Level = 'debug' | 'info' | 'warn' | 'error';
}
declare module 'prosody:policy/message-policy@0.1.5' {
  /**
   * Which stanzas this policy wants to see. Asked once, after `lifecycle.configure`. What no policy
   * wants never leaves Lua. At most 64 wants.
   */
  export function wants(): Array<Want>;
  /**
   * What is to happen to the current stanza, which the interfaces `envelope` and `content` show.
   * There is no error to return: a trap, a time-out or a reply out of bounds is judged by the
   * operator's `on_error`.
   */
  export function decide(passage: Passage): Decision;
  export type StanzaKind = import('prosody:policy/types@0.1.5').StanzaKind;
  export type Direction = import('prosody:policy/types@0.1.5').Direction;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  export type Decision = import('prosody:policy/types@0.1.5').Decision;
  /**
   * One kind of stanza that a policy wants to be asked about.
   */
  export interface Want {
    /**
     * Messages, presence or IQs.
     */
    kind: StanzaKind,
    /**
     * Only this direction; both when absent. A stanza between two users of one host is shown once, as
     * outgoing; a policy that wants `incoming` only is shown it then.
     */
    direction?: Direction,
    /**
     * Only stanzas with a direct child in one of these namespaces; every stanza when empty.
     * At most 64, each at most 256 bytes.
     */
    namespaces: Array<string>,
  }
}
declare module 'prosody:policy/needs@0.1.5' {
  /**
   * Asked once, after `lifecycle.configure`. What is left out may be empty: no subscription, no room, nothing blocked.
   */
  export function needed(): Facts;
  /**
   * The interfaces of facts.
   */
  export interface Facts {
    roster?: boolean,
    rooms?: boolean,
    blocklist?: boolean,
    standing?: boolean,
    roles?: boolean,
  }
}
declare module 'prosody:policy/operator@0.1.5' {
  /**
   * A text of at most 2,048 bytes from this host to those named by `wasm_operators`, or to its admins. At most 60 an
   * hour from one policy; those left out are counted in the next.
   */
  export function tell(text: string): void;
}
declare module 'prosody:policy/outbox@0.1.5' {
  /**
   * To the sender of the current stanza.
   */
  export function reply(text: string): void;
  /**
   * To the recipient of the current stanza.
   */
  export function notify(text: string): void;
}
declare module 'prosody:policy/push-policy@0.1.5' {
  /**
   * May the device be registered? The current stanza is the request.
   */
  export function register(registration: Registration): AdmissionRuling;
  /**
   * What the service is told about the current stanza.
   */
  export function notify(notification: Notification): Ruling;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  export type Bounce = import('prosody:policy/types@0.1.5').Bounce;
  /**
   * A device of a user, by the service that notifies it.
   */
  export interface Registration {
    /**
     * The user, without resource.
     */
    user: string,
    /**
     * The address of the service.
     */
    service: string,
    /**
     * What the device is called there; empty when it is not called anything.
     */
    node: string,
    /**
     * How many other registrations the user has.
     */
    others: number,
  }
  /**
   * May it be registered?
   */
  export type Admission = AdmissionAllow | AdmissionRefuse;
  /**
   * It may.
   */
  export interface AdmissionAllow {
    tag: 'allow',
  }
  /**
   * It may not; the client is told this.
   */
  export interface AdmissionRefuse {
    tag: 'refuse',
    val: Bounce,
  }
  /**
   * An admission with its reason.
   */
  export interface AdmissionRuling {
    /**
     * May it be registered?
     */
    verdict: Admission,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
  /**
   * What the server knows about the device.
   * # Variants
   * 
   * ## `"gone"`
   * 
   * It is not connected, and nothing of it waits.
   * ## `"asleep"`
   * 
   * It is hibernating (XEP-0198 §5), inactive (XEP-0352), or does not answer.
   * ## `"awake"`
   * 
   * It is connected, active and answers.
   */
  export type Device = 'gone' | 'asleep' | 'awake';
  /**
   * An occasion to notify a device. The current stanza is what the user is to be told about. Where the server does not
   * say what that is, it is the notification itself, from the server itself: an IQ if a module wakes the device, a message
   * in Push 2.0, and then `user` is empty.
   */
  export interface Notification {
    /**
     * The road of the stanza.
     */
    passage: Passage,
    /**
     * What to notify.
     */
    registration: Registration,
    /**
     * In which state it is.
     */
    device: Device,
    /**
     * What the user is called in the room from which the stanza comes, if he has entered it with this device.
     */
    nickname?: string,
  }
  /**
   * What the service is told. Of several policies the strictest verdict wins: the last of this list that one of them
   * gives. The numbers are seconds, at most 86,400: when the device was notified less than so long ago, the
   * notification waits until then, and is one with all others that wait. The longest wins.
   */
  export type Verdict = VerdictSend | VerdictAnnounce | VerdictRedact | VerdictSuppress;
  /**
   * What the server would tell it, which depends on its configuration and may be the sender and the text.
   */
  export interface VerdictSend {
    tag: 'send',
    val: number,
  }
  /**
   * That there is something, with the constant text that the server is configured with, "New Message!".
   */
  export interface VerdictAnnounce {
    tag: 'announce',
    val: number,
  }
  /**
   * That there is something.
   */
  export interface VerdictRedact {
    tag: 'redact',
    val: number,
  }
  /**
   * Nothing.
   */
  export interface VerdictSuppress {
    tag: 'suppress',
  }
  /**
   * A verdict with its reason.
   */
  export interface Ruling {
    /**
     * What the service is told.
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/roles@0.1.5' {
  /**
   * The role of the sender of the current stanza on this host, if he has one.
   */
  export function sender(): string | undefined;
  /**
   * The role of its recipient, if he has one.
   */
  export function recipient(): string | undefined;
}
declare module 'prosody:policy/room-policy@0.1.5' {
  /**
   * How is the room to be configured?
   */
  export function settle(room: Room): Ruling;
  export type Bounce = import('prosody:policy/types@0.1.5').Bounce;
  /**
   * Why the room is asked about.
   * # Variants
   * 
   * ## `"created"`
   * 
   * Somebody enters a room that is not there yet; the configuration is that of new rooms.
   * ## `"changed"`
   * 
   * An owner changes the configuration.
   * ## `"found"`
   * 
   * It was there: before this policy came into force, or on the disk.
   */
  export type Occasion = 'created' | 'changed' | 'found';
  /**
   * A room of this host.
   */
  export interface Room {
    /**
     * Its address, without resource.
     */
    address: string,
    /**
     * Why it is asked about.
     */
    occasion: Occasion,
    /**
     * Who creates or changes it, without resource.
     */
    actor?: string,
  }
  /**
   * What becomes of it. Of several policies the strictest verdict wins: the last of this list that one of them gives.
   */
  export type Verdict = VerdictExempt | VerdictAllow | VerdictRefuse;
  /**
   * It gets the configuration, and is outside of rules that are for rooms: `rooms.is-exempt` says so to all policies.
   */
  export interface VerdictExempt {
    tag: 'exempt',
  }
  /**
   * It gets the configuration.
   */
  export interface VerdictAllow {
    tag: 'allow',
  }
  /**
   * It is not created or not changed, and the actor is told this. One that was found stays as it is.
   */
  export interface VerdictRefuse {
    tag: 'refuse',
    val: Bounce,
  }
  /**
   * A verdict with its reason, which `wasm rooms` shows.
   */
  export interface Ruling {
    /**
     * What becomes of it.
     */
    verdict: Verdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
}
declare module 'prosody:policy/rooms@0.1.5' {
  /**
   * Is it for a room of this server, or from one, that a `room-policy` exempted?
   */
  export function isExempt(): boolean;
  /**
   * Are the local user and the other party both in a room, or members of one? Of rooms on other servers it is known who
   * is there if they show it. Not looked for, and false, if one of them is in the other's roster.
   */
  export function isShared(): boolean;
}
declare module 'prosody:policy/roster@0.1.5' {
  /**
   * The subscription, or none when neither party is a user of this host.
   */
  export function contact(): Subscription | undefined;
  /**
   * The subscription between the local user and the other party.
   * # Variants
   * 
   * ## `"none"`
   * 
   * No subscription, or not in the roster.
   * ## `"from"`
   * 
   * The other sees the user's presence.
   * ## `"to"`
   * 
   * The user sees the other's presence.
   * ## `"both"`
   * 
   * Both see each other's.
   */
  export type Subscription = 'none' | 'from' | 'to' | 'both';
}
declare module 'prosody:policy/routing@0.1.5' {
  /**
   * Sends the current stanza, with the edits that were asked for before, to another address too. With `drop` it goes there
   * only. Nothing is sent if the address is none, or longer than 3,071 bytes.
   */
  export function copy(to: string): void;
  /**
   * Sends it inside of a message from this host (XEP-0297), with a report if there is one.
   */
  export function forward(to: string, report: Report | undefined): void;
  /**
   * Answers a message with a text of at most 2,048 bytes, in the name of its recipient. Errors are not answered.
   */
  export function answer(text: string): void;
  /**
   * Why a stanza was reported (XEP-0377).
   */
  export interface Report {
    /**
     * The reason, such as `urn:xmpp:reporting:spam`.
     */
    reason: string,
    /**
     * What to say besides; at most 1,024 bytes, none when empty.
     */
    text: string,
  }
}
declare module 'prosody:policy/samples@0.1.5' {
  /**
   * At most 64 samples.
   */
  export function show(): Array<Sample>;
  export type Passage = import('prosody:policy/types@0.1.5').Passage;
  /**
   * What is to become of a sample.
   * # Variants
   * 
   * ## `"pass"`
   * 
   * It passes as it is.
   * ## `"edit"`
   * 
   * It passes with changes.
   * ## `"refuse"`
   * 
   * It is dropped or bounced.
   */
  export type Expectation = 'pass' | 'edit' | 'refuse';
  /**
   * A stanza with what is to become of it.
   */
  export interface Sample {
    /**
     * A few words that name it, for the operator; at most 80 bytes are shown.
     */
    name: string,
    /**
     * Its road.
     */
    passage: Passage,
    /**
     * The stanza as XML, at most 16 KiB. Without a namespace it is in `jabber:client`.
     */
    stanza: string,
    /**
     * What is to become of it, under the settings that this instance has.
     */
    expectation: Expectation,
  }
}
declare module 'prosody:policy/standing@0.1.5' {
  /**
   * What the server knows of the two.
   */
  export function between(): Acquaintance;
  export type Subscription = import('prosody:policy/roster@0.1.5').Subscription;
  /**
   * The sender in the recipient's roster.
   */
  export interface Entry {
    /**
     * The subscription between them, from the recipient's side.
     */
    subscription: Subscription,
    /**
     * The groups into which the recipient put him; at most 32.
     */
    groups: Array<string>,
  }
  /**
   * What the server knows of the two.
   */
  export interface Acquaintance {
    /**
     * The sender in the recipient's roster, if he is there.
     */
    entry?: Entry,
    /**
     * Has the sender asked the recipient for a subscription, without an answer yet?
     */
    hasAsked: boolean,
    /**
     * Is the recipient's full address that of a client that is connected?
     */
    isConnected: boolean,
    /**
     * Has the recipient sent his presence to this address of the sender's, and to him in particular?
     */
    isGreeted: boolean,
  }
}
declare module 'prosody:policy/state@0.1.5' {
  /**
   * The state to hand over; at most 1 MiB. When there is more, or it fails, the successor is refused unless the
   * operator has it start afresh.
   */
  export function save(): Uint8Array;
  /**
   * Takes the state over, after `lifecycle.configure`. `version` is the sha256, in hex, of the
   * component that saved it. An error refuses this policy, and its predecessor goes on; the text is shown to the
   * operator, who may have it start afresh.
   */
  export function restore(version: string, state: Uint8Array): void;
}
declare module 'prosody:policy/store@0.1.5' {
  /**
   * The value of a key.
   */
  export function get(key: string): Uint8Array | undefined;
  /**
   * Sets a key. At most 64 writes a call, of 72 KiB in all with their keys.
   */
  export function set(key: string, value: Uint8Array): void;
  /**
   * Removes a key, if it is there.
   */
  export { _delete as delete };
  function _delete(key: string): void;
  /**
   * Why a write was refused.
   * # Variants
   * 
   * ## `"key"`
   * 
   * The key is empty or longer than 256 bytes.
   * ## `"value"`
   * 
   * The value is longer than 64 KiB.
   * ## `"full"`
   * 
   * The policy's share is used up, or that of the call.
   */
  export type Refusal = 'key' | 'value' | 'full';
}
declare module 'prosody:policy/types@0.1.5' {
  /**
   * What kind of stanza is being judged (RFC 6120 §8.2).
   * # Variants
   * 
   * ## `"message"`
   * 
   * `<message/>`
   * ## `"presence"`
   * 
   * `<presence/>`
   * ## `"iq"`
   * 
   * `<iq/>`
   */
  export type StanzaKind = 'message' | 'presence' | 'iq';
  /**
   * Which way a stanza crosses the host that asks.
   * # Variants
   * 
   * ## `"outgoing"`
   * 
   * From a user of this host, before it is routed anywhere.
   * ## `"incoming"`
   * 
   * To a user, a room or a component of this host.
   */
  export type Direction = 'outgoing' | 'incoming';
  /**
   * Who stands at one end of a stanza, as the server knows it (never as the stanza claims it).
   * # Variants
   * 
   * ## `"user"`
   * 
   * A user of this server.
   * ## `"remote"`
   * 
   * Somebody on another server.
   * ## `"component"`
   * 
   * An external component (XEP-0114) connected to this server.
   * ## `"room"`
   * 
   * A room (XEP-0045) hosted by this server, or an occupant seen through it; for messages to everybody there
   * (type `groupchat`) also a room elsewhere that the local user has entered.
   * ## `"service"`
   * 
   * This server itself: a bare host, or a component that is part of it.
   */
  export type Party = 'user' | 'remote' | 'component' | 'room' | 'service';
  /**
   * The road of one stanza.
   */
  export interface Passage {
    /**
     * What kind of stanza it is.
     */
    kind: StanzaKind,
    /**
     * Which way it crosses the host.
     */
    direction: Direction,
    /**
     * Who sent it.
     */
    source: Party,
    /**
     * Who is to receive it.
     */
    destination: Party,
  }
  /**
   * The error type of a bounce (RFC 6120 §8.3.2): what the sender should do.
   * # Variants
   * 
   * ## `"auth"`
   * 
   * Retry after providing credentials.
   * ## `"cancel"`
   * 
   * Do not retry.
   * ## `"continue"`
   * 
   * Proceed, it was only a warning.
   * ## `"modify"`
   * 
   * Retry after changing what was sent.
   * ## `"wait"`
   * 
   * Retry after waiting.
   */
  export type ErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';
  /**
   * The defined condition of a bounce (RFC 6120 §8.3.3).
   * # Variants
   * 
   * ## `"bad-request"`
   * 
   * The sender did not understand the protocol.
   * ## `"conflict"`
   * 
   * There is already such a thing.
   * ## `"feature-not-implemented"`
   * 
   * Not offered by the recipient.
   * ## `"forbidden"`
   * 
   * The sender may not do this.
   * ## `"internal-server-error"`
   * 
   * The server cannot decide at the moment.
   * ## `"item-not-found"`
   * 
   * There is no such thing.
   * ## `"not-acceptable"`
   * 
   * Understood, but not acceptable in this form.
   * ## `"not-allowed"`
   * 
   * Nobody is allowed to do this.
   * ## `"not-authorized"`
   * 
   * The sender has to authenticate first.
   * ## `"policy-violation"`
   * 
   * Against the policy of this server.
   * ## `"recipient-unavailable"`
   * 
   * The recipient cannot be reached for now.
   * ## `"resource-constraint"`
   * 
   * Too much.
   * ## `"service-unavailable"`
   * 
   * Not offered to this sender.
   * ## `"undefined-condition"`
   * 
   * Something else, told by the text.
   */
  export type ErrorCondition = 'bad-request' | 'conflict' | 'feature-not-implemented' | 'forbidden' | 'internal-server-error' | 'item-not-found' | 'not-acceptable' | 'not-allowed' | 'not-authorized' | 'policy-violation' | 'recipient-unavailable' | 'resource-constraint' | 'service-unavailable' | 'undefined-condition';
  /**
   * The answer that a refused sender gets.
   */
  export interface Bounce {
    /**
     * What the sender should do.
     */
    errorType: ErrorType,
    /**
     * Why, for the client.
     */
    condition: ErrorCondition,
    /**
     * Why, for the person; at most 1,024 bytes, cut there.
     */
    text: string,
  }
  /**
   * What is to happen to a stanza. Of several policies the strictest verdict wins: bounce and drop over pass.
   */
  export type Verdict = VerdictPass | VerdictDrop | VerdictBounce;
  /**
   * Deliver it, with the edits that were asked for (interface `edits`).
   */
  export interface VerdictPass {
    tag: 'pass',
  }
  /**
   * Do not deliver it, and tell nobody.
   */
  export interface VerdictDrop {
    tag: 'drop',
  }
  /**
   * Do not deliver it, and tell the sender. Errors, results, presence and what comes from a room are
   * dropped instead: an error must not answer an error (RFC 6120 §8.3.1).
   */
  export interface VerdictBounce {
    tag: 'bounce',
    val: Bounce,
  }
  /**
   * A verdict with its reason.
   */
  export interface Decision {
    /**
     * What is to happen.
     */
    verdict: Verdict,
    /**
     * Why, as a short word for logs and replays: 1 to 40 of `a-z 0-9 -`. Anything else is replaced by
     * `unnamed`, so that no text of a stanza can leave through it.
     */
    reason: string,
  }
}
declare module 'prosody:policy/upload-policy@0.1.5' {
  /**
   * May the file be uploaded?
   */
  export function request(request: SlotRequest): SlotRuling;
  /**
   * May it go on? Asked about the pieces in their order, and no more once it refused.
   */
  export function inspect(piece: Piece): ContentRuling;
  /**
   * For how long files are kept. Asked once, after `lifecycle.configure`. Of several policies the smallest numbers win.
   */
  export function expires(): Expiry;
  export type Bounce = import('prosody:policy/types@0.1.5').Bounce;
  /**
   * What users have uploaded, by what they said when they asked for a slot: in the hour and the day also what has been removed
   * since, if the server has run that long.
   */
  export interface Usage {
    /**
     * Slots that the user got in the last 3,600 seconds.
     */
    hourSlots: number,
    /**
     * Seconds until the oldest of these is not counted any more.
     */
    hourEnds: number,
    /**
     * Bytes for which he got slots in the last 86,400 seconds.
     */
    dayBytes: number,
    /**
     * Seconds until the oldest of these is not counted any more.
     */
    dayEnds: number,
    /**
     * Bytes of the user that are kept.
     */
    userBytes: number,
    /**
     * Bytes of all users of this upload service that are kept.
     */
    totalBytes: number,
  }
  /**
   * A request for a slot (XEP-0363 §4). It is the current stanza.
   */
  export interface SlotRequest {
    /**
     * Who asks, without resource. Not always a user of this server.
     */
    user: string,
    /**
     * What the file is called.
     */
    name: string,
    /**
     * Its size in bytes.
     */
    size: number,
    /**
     * Its media type as the client says, in lower case and without parameters; empty when it says none.
     */
    contentType: string,
    /**
     * What there is already.
     */
    usage: Usage,
  }
  /**
   * A file that is too large (XEP-0363 §4.1).
   */
  export interface TooLarge {
    /**
     * So large it may be, in bytes.
     */
    limit: number,
    /**
     * What the user is told; at most 1,024 bytes.
     */
    text: string,
  }
  /**
   * A request that may be repeated later (XEP-0363 §4.1).
   */
  export interface Retry {
    /**
     * In so many seconds; at most 31,536,000.
     */
    seconds: number,
    /**
     * What the user is told; at most 1,024 bytes.
     */
    text: string,
  }
  /**
   * May the file be uploaded? Of several policies the strictest verdict wins: the last of this list that one of them gives.
   */
  export type SlotVerdict = SlotVerdictAllow | SlotVerdictAllowRenamed | SlotVerdictAllowUnnamed | SlotVerdictRefuse | SlotVerdictRefuseSize | SlotVerdictRefuseNow;
  /**
   * It may, if the server would allow it.
   */
  export interface SlotVerdictAllow {
    tag: 'allow',
  }
  /**
   * It may, under a random name that ends as the one that was asked for, if that is a dot and at most 8 letters or digits.
   */
  export interface SlotVerdictAllowRenamed {
    tag: 'allow-renamed',
  }
  /**
   * It may, under a random name.
   */
  export interface SlotVerdictAllowUnnamed {
    tag: 'allow-unnamed',
  }
  /**
   * It may not; the client is told this.
   */
  export interface SlotVerdictRefuse {
    tag: 'refuse',
    val: Bounce,
  }
  /**
   * It may not, because of its size.
   */
  export interface SlotVerdictRefuseSize {
    tag: 'refuse-size',
    val: TooLarge,
  }
  /**
   * Not now.
   */
  export interface SlotVerdictRefuseNow {
    tag: 'refuse-now',
    val: Retry,
  }
  /**
   * A verdict with its reason.
   */
  export interface SlotRuling {
    /**
     * May the file be uploaded?
     */
    verdict: SlotVerdict,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
  /**
   * A piece of a file that is arriving. The current stanza is the request for its slot, as the server keeps it.
   */
  export interface Piece {
    /**
     * Who uploads, without resource.
     */
    user: string,
    /**
     * How large the file is to be.
     */
    size: number,
    /**
     * How much of it came before this piece.
     */
    offset: number,
    /**
     * At most 65,536 bytes. Not recorded, and not shown to shadows.
     */
    bytes: Uint8Array,
    /**
     * Is it the last one? Of every file there is one, which may be empty.
     */
    isLast: boolean,
    /**
     * What this policy returned for the piece before; empty for the first one.
     */
    notes: Uint8Array,
  }
  /**
   * May the file go on?
   */
  export type ContentVerdict = ContentVerdictAccept | ContentVerdictRefuse;
  /**
   * As far as can be seen.
   */
  export interface ContentVerdictAccept {
    tag: 'accept',
  }
  /**
   * It is removed, and answered with 415 and this text of at most 1,024 bytes.
   */
  export interface ContentVerdictRefuse {
    tag: 'refuse',
    val: string,
  }
  /**
   * A verdict with its reason.
   */
  export interface ContentRuling {
    /**
     * May the file go on?
     */
    verdict: ContentVerdict,
    /**
     * What to show with the next piece; at most 8,192 bytes. The host keeps it, so that neither a swap nor many uploads
     * at once lose it.
     */
    notes: Uint8Array,
    /**
     * Why, as in `types.decision`.
     */
    reason: string,
  }
  /**
   * For how long files are kept.
   */
  export interface Expiry {
    /**
     * Hours from the slot on, 1 to 87,600; no limit of its own when absent.
     */
    hours?: number,
    /**
     * Bytes of one user; when there are more, his oldest files are removed.
     */
    userBytes?: number,
    /**
     * Bytes of all users; when there are more, the oldest files are removed.
     */
    totalBytes?: number,
  }
}
