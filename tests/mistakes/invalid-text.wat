;; Its reason is no text.
(module
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $place i32)
    (local.set $place (global.get $free))
    (global.set $free (i32.and (i32.add (i32.add (global.get $free) (local.get 3)) (i32.const 7)) (i32.const -8)))
    (local.get $place))
  ;; Zeros: it takes its settings.
  (func (export "prosody:policy/lifecycle@0.1.4#configure") (param i32 i32) (result i32)
    (i32.const 1024))
  ;; One want: messages, in both directions.
  (func (export "prosody:policy/message-policy@0.1.4#wants") (result i32)
    (i32.store (i32.const 1200) (i32.const 1220))
    (i32.store (i32.const 1204) (i32.const 1))
    (i32.const 1200))
  ;; It passes, with a reason of two bytes.
  (data (i32.const 2000) "\ff\fe")
  (func (export "prosody:policy/message-policy@0.1.4#decide") (param i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 1304) (i32.const 0))
    (i32.store (i32.const 1316) (i32.const 2000))
    (i32.store (i32.const 1320) (i32.const 2))
    (i32.const 1300)))
