;; Built for a system that it does not run on.
(component
  (import "wasi:cli/environment@0.2.0" (instance))
  (import "wasi:io/streams@0.2.0" (instance))
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing))
  (export "prosody:policy/message-policy@0.1.4" (instance $nothing)))
