/// <reference path="./wit.d.ts" />
import type * as archives from 'prosody:policy/archive-policy@0.1.5';
import type * as blocklists from 'prosody:policy/blocklist-policy@0.1.5';
import type * as copies from 'prosody:policy/carbons-policy@0.1.5';
import type * as deliveries from 'prosody:policy/delivery-policy@0.1.5';
import type * as keyrings from 'prosody:policy/keys-policy@0.1.5';
import type * as lifecycles from 'prosody:policy/lifecycle@0.1.5';
import type * as messages from 'prosody:policy/message-policy@0.1.5';
import type * as facts from 'prosody:policy/needs@0.1.5';
import type * as exempted from 'prosody:policy/exemptions@0.1.5';
import type * as notifications from 'prosody:policy/push-policy@0.1.5';
import type * as configurations from 'prosody:policy/room-policy@0.1.5';
import type * as examples from 'prosody:policy/samples@0.1.5';
import type * as states from 'prosody:policy/state@0.1.5';
import type { Bounce, Decision, Direction, ErrorCondition, ErrorType, Passage } from 'prosody:policy/types@0.1.5';
import type * as uploads from 'prosody:policy/upload-policy@0.1.5';

export type { Bounce, Decision, Direction, ErrorCondition, ErrorType, Passage };

/** One kind of stanza that a policy wants to be asked about. */
export interface Want {
  kind: messages.StanzaKind;
  /** Only this direction; both when left out. */
  direction?: Direction;
  /** Only stanzas with a direct child in one of these namespaces; every stanza when left out. */
  namespaces?: string[];
}

/** Reads the operator's settings: `export const lifecycle = configure(…)`. The message of an error is shown to the operator. */
export function configure<Settings = any>(read: (settings: Settings) => void): typeof lifecycles;

/** Decides about messages, presence and IQs: `export const messagePolicy = message(…)`. Wants messages when it does not say. */
export function message(policy: {
  wants?: Want[] | (() => Want[]);
  decide(passage: Passage): Decision;
}): typeof messages;

/** Decides what is kept: `export const archivePolicy = archive(…)`. */
export function archive(policy: {
  retention?(): number | undefined;
  decide(keeping: archives.Keeping): archives.Ruling;
}): typeof archives;

/** Decides what is copied to other devices: `export const carbonsPolicy = carbons(…)`. */
export function carbons(policy: typeof copies): typeof copies;
/** Decides what wakes an inactive client: `export const deliveryPolicy = delivery(…)`. */
export function delivery(policy: typeof deliveries): typeof deliveries;
/** Decides about push notifications: `export const pushPolicy = push(…)`. */
export function push(policy: typeof notifications): typeof notifications;
/** Decides about uploads: `export const uploadPolicy = upload(…)`. */
export function upload(policy: Omit<typeof uploads, 'expires'> & Partial<typeof uploads>): typeof uploads;
/** Decides how rooms are configured: `export const roomPolicy = room(…)`. */
export function room(policy: typeof configurations): typeof configurations;
/** Decides who may read OMEMO keys: `export const keysPolicy = keys(…)`. */
export function keys(policy: typeof keyrings): typeof keyrings;
/** Decides about block lists: `export const blocklistPolicy = blocklist(…)`. */
export function blocklist(policy: typeof blocklists): typeof blocklists;
/** Says which facts the policy needs: `export const needs = needsFacts(…)`. */
export function needsFacts(policy: typeof facts): typeof facts;
/** Says which stanzas it need not be asked about: `export const exemptions = hasExemptions(…)`. */
export function hasExemptions(policy: typeof exempted): typeof exempted;
/** Shows stanzas with what is to become of them: `export const samples = showsSamples(…)`. */
export function showsSamples(policy: typeof examples): typeof examples;
/** Hands its state to its successor: `export const state = keepsState(…)`. */
export function keepsState(policy: typeof states): typeof states;

/** Deliver it. The reason is a short word of `a-z 0-9 -` for logs and replays. */
export function pass(reason: string): Decision;
/** Do not deliver it, and tell nobody. */
export function drop(reason: string): Decision;
/** Do not deliver it, and tell the sender this. */
export function refuse(
  reason: string,
  text: string,
  error?: { errorType?: ErrorType; condition?: ErrorCondition },
): Decision;
