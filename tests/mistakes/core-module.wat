;; A core module, as a linker makes it that knows no components.
(module)
