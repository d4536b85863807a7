// Changes to the current stanza, made if the decision is to pass it. Permission: `edits`. Elements or node numbers name a place.
import * as wit from 'prosody:policy/edits@0.1.5';

const node = (place) => (typeof place === 'number' ? place : place.node);

export const remove = (place) => wit.remove(node(place));
export const setText = (place, text) => wit.setText(node(place), text);
export const setAttribute = (place, name, value) => wit.setAttribute(node(place), name, value);
export const removeAttribute = (place, name) => wit.removeAttribute(node(place), name);

/** Appends an element inside another. */
export function append(place, { name, namespace = '', attributes = {}, text = '' }) {
  wit.append(node(place), { name, namespace, attributes: Object.entries(attributes), text });
}
