/** The value of a key, as it was set. */
export function get(key: string): any;
/** Sets a key to a value that JSON can say, of at most 64 KiB. Throws when the policy's share is used
 * up, or that of the call, 72 KiB. */
export function set(key: string, value: unknown): void;
/** Removes a key, if it is there. */
export function remove(key: string): void;
