;; A word too few in the name of what it imports.
(component
  (import "prosody:policy/contents@0.1.4" (instance))
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing))
  (export "prosody:policy/message-policy@0.1.4" (instance $nothing)))
