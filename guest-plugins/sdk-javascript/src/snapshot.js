// Reads the format of wit/README.md: where names and namespaces are, and what is inside of what.

const HEADER = 16;
const NODE = 32;
const ATTRIBUTE = 16;
const NONE = 0xffffffff;

export class Snapshot {
  #bytes;
  #words;
  #strings;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#strings = HEADER + this.#word(4) * NODE + this.#word(8) * ATTRIBUTE;
  }

  name(node) {
    return this.#string(HEADER + node * NODE + 8);
  }

  namespace(node) {
    return this.#string(HEADER + node * NODE + 16);
  }

  /** The elements directly inside. */
  children(node) {
    const children = [];
    const end = this.#end(node);
    for (let inside = node + 1; inside < end; inside = this.#end(inside)) {
      if (!this.#isText(inside)) children.push(inside);
    }
    return children;
  }

  #end(node) {
    return this.#word(HEADER + node * NODE + 4);
  }

  #isText(node) {
    return this.#word(HEADER + node * NODE + 16) === NONE;
  }

  #string(at) {
    const start = this.#strings + this.#word(at);
    return decoded(this.#bytes.subarray(start, start + this.#word(at + 4)));
  }

  #word(at) {
    return this.#words.getUint32(at, true);
  }
}

/** QuickJS has no TextDecoder. */
function decoded(bytes) {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}
