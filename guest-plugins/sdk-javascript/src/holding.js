// Keeps messages back until somebody says that he wants them. Permission: `holding`.
export { discard, hold, release } from 'prosody:policy/holding@0.1.5';
