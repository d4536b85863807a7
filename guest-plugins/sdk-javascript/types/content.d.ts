/** The namespace of streams: that of `body`, `subject` and `thread`. */
export const CLIENT: 'jabber:client';

/** An element of the current stanza. It means nothing after the call in which it was got. */
export class Element {
  private constructor();
  /** Its number in document order; that of the stanza itself is 0. */
  readonly node: number;
  /** Its name, without prefix. */
  readonly name: string;
  /** Its effective namespace. */
  readonly namespace: string;
  /** The text directly inside, joined, without that of its children. */
  readonly text: string;
  /** The elements directly inside, in document order. */
  readonly children: Element[];
  /** The first child with this name, in the namespace of streams unless another is named. */
  child(name: string, namespace?: string): Element | undefined;
  /** An attribute. The name of a namespaced one is its namespace, the character U+0001 and its local name. */
  attribute(name: string): string | undefined;
}

/** The current stanza. */
export function stanza(): Element;
/** The current stanza as XML text. */
export function xml(): string;
