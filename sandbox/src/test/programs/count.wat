;; 3 instructions, then 10 times 5, then 1 call of 1, then 1.
(module
  (func $one (nop))
  (func (export "_start") (local $i i32)
    (local.set $i (i32.const 10))
    (nop)
    (loop
      (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (call $one)
    (nop)))
