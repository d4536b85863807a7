/// <reference path="./wit.d.ts" />
export { answer, copy } from 'prosody:policy/routing@0.1.5';
/** Sends the current stanza inside of a message from this host (XEP-0297), with a report if there is one (XEP-0377). */
export function forward(to: string, report?: { reason: string; text?: string }): void;
