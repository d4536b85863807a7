// The roles that Prosody gives to people. Permission: `roles`.
import * as wit from 'prosody:policy/roles@0.1.5';

/** The role of the sender of the current stanza on this host, if he has one. */
export const sender = () => wit.sender() ?? undefined;
/** The role of its recipient, if he has one. */
export const recipient = () => wit.recipient() ?? undefined;
