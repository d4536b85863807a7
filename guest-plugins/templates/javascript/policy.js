// @ts-check
// A policy for Prosody: a message with too many exclamation marks is refused.
import { configure, message, pass, refuse } from 'prosody-policy';
import { stanza } from 'prosody-policy/content';
import * as log from 'prosody-policy/log';

let limit = 0;

// The operator's settings. The same as in settings.schema.json.
export const lifecycle = configure((settings) => {
  if (!Number.isInteger(settings.limit)) throw new Error('limit is a number');
  limit = settings.limit;
});

export const messagePolicy = message({
  wants: [{ kind: 'message' }],

  decide() {
    const body = stanza().child('body')?.text ?? '';
    const marks = body.split('!').length - 1;
    // Say what you counted, never what was written.
    log.debug(`exclamation marks: ${marks}`);
    return marks > limit ? refuse('shouting', 'Please do not shout.') : pass('calm');
  },
});
