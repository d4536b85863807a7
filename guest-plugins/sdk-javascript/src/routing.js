// Sends the current stanza elsewhere, and answers in the name of its recipient. Permission: `routing`.
import * as wit from 'prosody:policy/routing@0.1.5';

export const { copy, answer } = wit;

/** Sends it inside of a message from this host, with a report of `reason` if there is one. */
export function forward(to, report) {
  wit.forward(to, report && { text: '', ...report });
}
