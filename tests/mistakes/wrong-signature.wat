;; The right names with nothing behind them.
(component
  (instance $nothing)
  (export "prosody:policy/lifecycle@0.1.4" (instance $nothing))
  (export "prosody:policy/message-policy@0.1.4" (instance $nothing)))
