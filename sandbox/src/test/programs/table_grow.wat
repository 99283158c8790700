;; A table may not grow for ever: the answer is -1 in the end, and then it traps.
(module
  (table 0 funcref)
  (func (export "_start")
    (loop (br_if 0 (i32.ne (table.grow 0 (ref.null func) (i32.const 100000)) (i32.const -1))))
    unreachable))
