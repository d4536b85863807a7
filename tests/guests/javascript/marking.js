// The policy of ../examples/marking.rs in JavaScript: see there for what it does.
import { child, text } from 'prosody:policy/content@0.1.0';
import { append } from 'prosody:policy/edits@0.1.0';
import { get, set } from 'prosody:policy/store@0.1.0';

const CANARY = 'PLAINTEXT-CANARY';
const STORED = 'count';
const DEFAULTS = { version: '', counts: false, spares: false, traps_on: '', loops_on: '', refuses_state: false };

let settings = DEFAULTS;
let seen = 0;

const written = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const read = (bytes) => String.fromCharCode(...bytes);

function counted() {
  const stored = get(STORED);
  const count = (stored ? Number(read(stored)) : 0) + 1;
  set(STORED, written(String(count)));
  return count;
}

export const lifecycle = {
  configure(json) {
    const given = JSON.parse(json);
    for (const name of Object.keys(given)) {
      if (!(name in DEFAULTS)) throw `unknown field \`${name}\``;
    }
    settings = { ...DEFAULTS, ...given };
  },
};

export const state = {
  save: () => written(String(seen)),
  restore(version, bytes) {
    if (settings.refuses_state) throw 'told to refuse the state';
    seen = Number(read(bytes));
  },
};

export const messagePolicy = {
  wants: () => [{ kind: 'message', direction: undefined, namespaces: [] }],
  decide() {
    const node = child(0, 'body', 'jabber:client');
    const body = node === undefined ? '' : text(node);
    const has = (word) => word !== '' && body.includes(word);
    if (has(settings.traps_on)) throw new Error('told to');
    while (has(settings.loops_on));
    seen += 1;
    const count = settings.counts ? counted() : 0;
    if (has(CANARY) && !settings.spares) {
      const bounce = { errorType: 'modify', condition: 'policy-violation', text: 'No.' };
      return { verdict: { tag: 'bounce', val: bounce }, reason: 'canary' };
    }
    const attributes = [['version', settings.version], ['seen', String(seen)], ['count', String(count)]];
    append(0, { name: 'mark', namespace: 'urn:test:mark', attributes, text: '' });
    return { verdict: { tag: 'pass' }, reason: 'marked' };
  },
};
