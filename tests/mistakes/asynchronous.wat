;; Built for the asynchronous component model, which has other signatures.
(component
  (core module $module (func (export "run") (result i32) i32.const 0))
  (core instance $instance (instantiate $module))
  (func (export "run") async (result u32) (canon lift (core func $instance "run"))))
