// Tells the operator something. Permission: `operator`.
export { tell } from 'prosody:policy/operator@0.1.5';
