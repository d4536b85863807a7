// How the recipient of the current stanza stands to its sender. Permission: `standing`.
export { between } from 'prosody:policy/standing@0.1.5';
