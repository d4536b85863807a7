/** For whoever debugs the policy. */
export function debug(line: unknown): void;
/** Normal and rare. */
export function info(line: unknown): void;
/** Something the operator should look at. */
export function warn(line: unknown): void;
/** Something that does not work. */
export function error(line: unknown): void;
