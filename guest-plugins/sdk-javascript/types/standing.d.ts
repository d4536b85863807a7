/// <reference path="./wit.d.ts" />
export { between } from 'prosody:policy/standing@0.1.5';
