// Block lists where the server does not look itself. Permission: `blocklist`.
export { isBlocked } from 'prosody:policy/blocklist@0.1.5';
