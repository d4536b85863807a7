import type { Element } from './content.js';

/** An element of the stanza, or its node number. */
export type Place = Element | number;

/** Removes a node with everything inside. */
export function remove(place: Place): void;
/** Replaces everything inside an element by this text. */
export function setText(place: Place, text: string): void;
/** Sets an attribute of an element. */
export function setAttribute(place: Place, name: string, value: string): void;
/** Removes an attribute of an element, if it is there. */
export function removeAttribute(place: Place, name: string): void;
/** Appends an element inside another; without a namespace it has its parent's. */
export function append(
  place: Place,
  element: { name: string; namespace?: string; attributes?: Record<string, string>; text?: string },
): void;
