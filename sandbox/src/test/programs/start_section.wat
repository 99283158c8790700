;; A start function runs before _start, and must be metered too.
(module
  (start $begin)
  (func $begin (loop (br 0)))
  (func (export "_start")))
