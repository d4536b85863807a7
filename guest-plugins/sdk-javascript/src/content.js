// The inside of the current stanza. Permission: `content`.
import { attribute, child, text, snapshot, xml } from 'prosody:policy/content@0.1.5';
import { Snapshot } from './snapshot.js';

/** The namespace of streams: that of `body`, `subject` and `thread`. */
export const CLIENT = 'jabber:client';

/** An element of the current stanza. It means nothing after the call in which it was got. */
export class Element {
  #stanza;

  constructor(stanza, node) {
    this.#stanza = stanza;
    this.node = node;
  }

  child(name, namespace = CLIENT) {
    const node = child(this.node, name, namespace) ?? undefined;
    return node === undefined ? undefined : new Element(this.#stanza, node);
  }

  attribute(name) {
    return attribute(this.node, name) ?? undefined;
  }

  get text() {
    return text(this.node);
  }

  get name() {
    return this.#stanza.snapshot.name(this.node);
  }

  get namespace() {
    return this.#stanza.snapshot.namespace(this.node);
  }

  get children() {
    return this.#stanza.snapshot.children(this.node).map((node) => new Element(this.#stanza, node));
  }
}

/** The snapshot is taken when a name or a list of children is asked for: single look-ups are cheaper. */
class Stanza {
  #snapshot;

  get snapshot() {
    return (this.#snapshot ??= new Snapshot(snapshot()));
  }
}

/** The current stanza. */
export function stanza() {
  return new Element(new Stanza(), 0);
}

export { xml };
