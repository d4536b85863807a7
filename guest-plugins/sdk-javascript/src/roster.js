// What the local user's roster says of the other party. Permission: `roster`.
import { contact as given } from 'prosody:policy/roster@0.1.5';

/** The subscription, or undefined when neither party is a user of this host. */
export const contact = () => given() ?? undefined;
