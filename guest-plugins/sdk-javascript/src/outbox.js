// Messages from the server to the two parties of the current stanza. Permission: `outbox`.
export { notify, reply } from 'prosody:policy/outbox@0.1.5';
