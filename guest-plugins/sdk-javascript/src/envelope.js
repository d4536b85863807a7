// The outside of the current stanza: who, to whom, which payloads. Permission: `envelope`.
import { attribute as given, payloads } from 'prosody:policy/envelope@0.1.5';

/** An attribute of the stanza itself: `to`, `from`, `type`, … */
export const attribute = (name) => given(name) ?? undefined;

export { payloads };
