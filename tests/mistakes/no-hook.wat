;; It decides nothing: no hook is in its world.
(component
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing)))
