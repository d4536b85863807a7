;; Built for a version of the contract that does not exist yet.
(component
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing))
  (export "prosody:policy/message-policy@0.2.0" (instance $nothing)))
