;; The same, by the builder of a language that says so.
(component
  (core module (@producers (language "Python" "3") (processed-by "componentize-py" "0.17")))
  (import "wasi:cli/environment@0.2.0" (instance))
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing))
  (export "prosody:policy/message-policy@0.1.4" (instance $nothing)))
