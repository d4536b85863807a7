// What the server knows about the rooms of the two parties. Permission: `rooms`.
export { isExempt, isShared } from 'prosody:policy/rooms@0.1.5';
