;; It has a hook and no life.
(component
  (instance $nothing)
  (export "prosody:policy/message-policy@0.1.4" (instance $nothing)))
