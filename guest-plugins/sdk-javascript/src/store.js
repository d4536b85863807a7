// A small map that belongs to the policy and survives a restart. Permission: `store`. Values are kept as JSON.
import * as wit from 'prosody:policy/store@0.1.5';

/** The value of a key. */
export function get(key) {
  const bytes = wit.get(key) ?? undefined;
  return bytes === undefined ? undefined : JSON.parse(String.fromCharCode(...bytes));
}

/** Sets a key; an error says why it could not be set: `key`, `value` or `full`. */
export function set(key, value) {
  try {
    wit.set(key, Uint8Array.from(ascii(value), (character) => character.charCodeAt(0)));
  } catch (refusal) {
    throw new Error(`the store refused ${key}: ${refusal}`);
  }
}

/** Removes a key, if it is there. */
export const remove = (key) => wit.delete(key);

/** JSON in which every character is one byte. */
function ascii(value) {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
